"""Writing in a person's hand: new drawings from kept ones, varied, blended, and read again."""
