<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>AboutDialog</name>
    <message>
        <source>About Handwrite</source>
        <translation>关于 Handwrite</translation>
    </message>
    <message>
        <source>Draw a digit, and a neural network reads it while the pen still moves.</source>
        <translation>写一个数字，笔还没停，神经网络就已经在识别了。</translation>
    </message>
    <message>
        <source>Nothing that you draw leaves this computer.</source>
        <translation>所写的内容不会离开这台电脑。</translation>
    </message>
    <message>
        <source>Networks, training runs and your drawings are in {folder}</source>
        <translation>网络、训练记录和你的笔迹保存在 {folder}</translation>
    </message>
    <message>
        <source>Free software under the MIT licence.</source>
        <translation>自由软件，采用 MIT 许可证。</translation>
    </message>
    <message>
        <source>The networks that ship learned from MNIST (Y. LeCun, C. Cortes, C. Burges), from digits written on tablets (UNIPEN) and on paper (BHMSDS), and from drawings that the program makes.</source>
        <translation>随附的网络学习自 MNIST（Y. LeCun、C. Cortes、C. Burges）、手写板上的数字（UNIPEN）、纸上的数字（BHMSDS），以及程序生成的笔迹。</translation>
    </message>
    <message>
        <source>Built with PyTorch, Qt for Python, NumPy, Pillow and pyqtgraph.</source>
        <translation>基于 PyTorch、Qt for Python、NumPy、Pillow 和 pyqtgraph 构建。</translation>
    </message>
    <message>
        <source>Copy the versions</source>
        <translation>复制版本信息</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
</context>
<context>
    <name>Actions</name>
    <message>
        <source>&amp;Open…</source>
        <translation>打开(&amp;O)…</translation>
    </message>
    <message>
        <source>&amp;Save drawing…</source>
        <translation>保存笔迹(&amp;S)…</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>退出(&amp;Q)</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>撤销(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>重做(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Copy drawing</source>
        <translation>复制笔迹(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Paste picture</source>
        <translation>粘贴图片(&amp;P)</translation>
    </message>
    <message>
        <source>C&amp;lear</source>
        <translation>清空(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Eraser</source>
        <translation>橡皮擦(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Thinner pen</source>
        <translation>减小笔宽(&amp;T)</translation>
    </message>
    <message>
        <source>Thic&amp;ker pen</source>
        <translation>增大笔宽(&amp;K)</translation>
    </message>
    <message>
        <source>Undo &amp;keeping</source>
        <translation>撤销保存(&amp;K)</translation>
    </message>
    <message>
        <source>Add a sign of your &amp;own…</source>
        <translation>添加自己的符号(&amp;O)…</translation>
    </message>
    <message>
        <source>&amp;Remember my drawings when reading</source>
        <translation>识别时参考我的笔迹(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;My drawings…</source>
        <translation>查看笔迹(&amp;M)…</translation>
    </message>
    <message>
        <source>Write &amp;samples…</source>
        <translation>书写样本(&amp;S)…</translation>
    </message>
    <message>
        <source>Write in my &amp;hand</source>
        <translation>用我的字迹写(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;Why?</source>
        <translation>为什么(&amp;W)？</translation>
    </message>
    <message>
        <source>Insid&amp;e the network</source>
        <translation>网络内部(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Replay</source>
        <translation>回放(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Full screen</source>
        <translation>全屏(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Demo mode…</source>
        <translation>演示模式(&amp;D)…</translation>
    </message>
    <message>
        <source>&amp;Settings…</source>
        <translation>设置(&amp;S)…</translation>
    </message>
    <message>
        <source>&amp;Input inspector…</source>
        <translation>输入检查器(&amp;I)…</translation>
    </message>
    <message>
        <source>Read a &amp;page…</source>
        <translation>读取整页(&amp;P)…</translation>
    </message>
    <message>
        <source>Read &amp;numbers</source>
        <translation>读取数字串(&amp;N)</translation>
    </message>
    <message>
        <source>Read &amp;sums</source>
        <translation>读取算式(&amp;S)</translation>
    </message>
    <message>
        <source>Compare with a w&amp;ord list…</source>
        <translation>对照词表(&amp;O)…</translation>
    </message>
    <message>
        <source>Wide &amp;paper</source>
        <translation>宽幅纸张(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Training panel</source>
        <translation>训练面板(&amp;T)</translation>
    </message>
    <message>
        <source>Readin&amp;g on the left</source>
        <translation>识别结果放在左侧(&amp;G)</translation>
    </message>
    <message>
        <source>&amp;Load a network from a file…</source>
        <translation>从文件加载网络(&amp;L)…</translation>
    </message>
    <message>
        <source>Family &amp;tree…</source>
        <translation>网络谱系(&amp;T)…</translation>
    </message>
    <message>
        <source>Go &amp;back to the previous network</source>
        <translation>恢复上一个网络(&amp;B)</translation>
    </message>
    <message>
        <source>&amp;Restart recognition</source>
        <translation>重新启动识别(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Compare two networks</source>
        <translation>比较两个网络(&amp;C)</translation>
    </message>
    <message>
        <source>Brea&amp;k it…</source>
        <translation>破坏网络(&amp;K)…</translation>
    </message>
    <message>
        <source>&amp;Train a network…</source>
        <translation>训练网络(&amp;T)…</translation>
    </message>
    <message>
        <source>&amp;Stop training</source>
        <translation>停止训练(&amp;S)</translation>
    </message>
    <message>
        <source>Last &amp;result…</source>
        <translation>上次的结果(&amp;R)…</translation>
    </message>
    <message>
        <source>R&amp;eport of the last run…</source>
        <translation>上次训练的报告(&amp;E)…</translation>
    </message>
    <message>
        <source>&amp;Watch it learn</source>
        <translation>观看学习过程(&amp;W)</translation>
    </message>
    <message>
        <source>Learn my &amp;handwriting</source>
        <translation>学习我的字迹(&amp;H)</translation>
    </message>
    <message>
        <source>St&amp;op learning</source>
        <translation>停止学习(&amp;O)</translation>
    </message>
    <message>
        <source>Ru&amp;ns…</source>
        <translation>训练记录(&amp;N)…</translation>
    </message>
    <message>
        <source>Open the r&amp;uns folder</source>
        <translation>打开训练记录文件夹(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Experiments…</source>
        <translation>实验(&amp;E)…</translation>
    </message>
    <message>
        <source>&amp;Manual</source>
        <translation>使用手册(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Keyboard shortcuts</source>
        <translation>键盘快捷键(&amp;K)</translation>
    </message>
    <message>
        <source>Open &amp;log folder</source>
        <translation>打开日志文件夹(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;About Handwrite</source>
        <translation>关于 Handwrite(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>编辑(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>视图(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Drawings</source>
        <translation>我的笔迹(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Model</source>
        <translation>模型(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Train</source>
        <translation>训练(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
    <message>
        <source>Pla&amp;ce of the training panel</source>
        <translation>训练面板的位置(&amp;C)</translation>
    </message>
    <message>
        <source>T&amp;heme</source>
        <translation>主题(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>语言(&amp;L)</translation>
    </message>
    <message>
        <source>Keep &amp;as</source>
        <translation>保存为(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Writer</source>
        <translation>书写者(&amp;W)</translation>
    </message>
    <message>
        <source>&amp;What is written</source>
        <translation>书写内容(&amp;W)</translation>
    </message>
    <message>
        <source>&amp;Network</source>
        <translation>网络(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Device</source>
        <translation>设备(&amp;D)</translation>
    </message>
    <message>
        <source>Enter (keypad)</source>
        <translation>小键盘回车</translation>
    </message>
    <message>
        <source>{name} ({keys})</source>
        <translation>{name}（{keys}）</translation>
    </message>
</context>
<context>
    <name>ActiveNetwork</name>
    <message>
        <source>Loading {name}…</source>
        <translation>正在加载 {name}…</translation>
    </message>
    <message>
        <source>Loading the network…</source>
        <translation>正在加载网络…</translation>
    </message>
    <message>
        <source>Restarting recognition…</source>
        <translation>正在重新启动识别…</translation>
    </message>
    <message>
        <source>Loading the network. You can draw already.</source>
        <translation>正在加载网络，现在就可以书写。</translation>
    </message>
    <message>
        <source>Reading with {name} on {device}</source>
        <translation>正在用 {name} 识别（{device}）</translation>
    </message>
    <message>
        <source>{name} reads from now on, but the choice could not be stored for the next start. Is the disk full?</source>
        <translation>现在由 {name} 识别，但这个选择未能保存，下次启动时不会沿用。磁盘是否已满？</translation>
    </message>
    <message>
        <source>{name} is missing ({folder}): {active} reads until it is back or another network is chosen.</source>
        <translation>找不到 {name}（{folder}）：在它恢复或您选择其他网络之前，由 {active} 识别。</translation>
    </message>
    <message>
        <source>This device cannot be used</source>
        <translation>无法使用这个设备</translation>
    </message>
    <message>
        <source>The network in use stays: {name}</source>
        <translation>当前网络不变：{name}</translation>
    </message>
    <message>
        <source>This network cannot be used</source>
        <translation>无法使用这个网络</translation>
    </message>
</context>
<context>
    <name>AskPanel</name>
    <message>
        <source>{place} of {total} · {writer}</source>
        <translation>第 {place} 个，共 {total} 个 · {writer}</translation>
    </message>
    <message>
        <source>{place} of {total}</source>
        <translation>第 {place} 个，共 {total} 个</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>上一个</translation>
    </message>
    <message>
        <source>Write the previous one again</source>
        <translation>重写上一个</translation>
    </message>
    <message>
        <source>Skip</source>
        <translation>跳过</translation>
    </message>
    <message>
        <source>Leave this one out</source>
        <translation>不写这一个</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>下一个</translation>
    </message>
    <message>
        <source>Save it and go on</source>
        <translation>保存并继续</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>End here; what you wrote stays saved</source>
        <translation>到此结束；已写的笔迹仍保存</translation>
    </message>
    <message>
        <source>Go on by itself</source>
        <translation>自动继续</translation>
    </message>
    <message>
        <source>Saves what you wrote when the pen has rested for a moment</source>
        <translation>停笔片刻后自动保存</translation>
    </message>
    <message>
        <source>How far you are</source>
        <translation>进度</translation>
    </message>
</context>
<context>
    <name>BannerOwner</name>
    <message>
        <source>Next sample</source>
        <translation>下一个样本</translation>
    </message>
    <message>
        <source>Back to the previous sample</source>
        <translation>回到上一个样本</translation>
    </message>
    <message>
        <source>Stop writing samples</source>
        <translation>停止书写样本</translation>
    </message>
</context>
<context>
    <name>BreakWindow</name>
    <message>
        <source>Loading the network…</source>
        <translation>正在加载网络…</translation>
    </message>
    <message>
        <source>Draw on the paper: it is read here as well.</source>
        <translation>请在纸上书写：这里也会识别。</translation>
    </message>
    <message>
        <source>{right} of {count} right</source>
        <translation>{count} 张中认对 {right} 张</translation>
    </message>
    <message>
        <source>{right} undamaged</source>
        <translation>未破坏时认对 {right} 张</translation>
    </message>
    <message>
        <source>{label}, read as {answer} ({percent})</source>
        <translation>{label}，认成 {answer}（{percent}）</translation>
    </message>
    <message>
        <source>A copy is damaged. The network in use and its file stay as they are.</source>
        <translation>被破坏的只是副本，正在使用的网络及其文件保持不变。</translation>
    </message>
    <message>
        <source>{name} (in use)</source>
        <translation>{name}（使用中）</translation>
    </message>
    <message>
        <source>Break it</source>
        <translation>破坏网络</translation>
    </message>
    <message>
        <source>Network that is damaged</source>
        <translation>要破坏的网络</translation>
    </message>
    <message>
        <source>Wall of pictures</source>
        <translation>图片墙</translation>
    </message>
    <message>
        <source>As it was</source>
        <translation>恢复原样</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>Canvas</name>
    <message>
        <source>Drop to open</source>
        <translation>松开即可打开</translation>
    </message>
    <message>
        <source>Drawing paper</source>
        <translation>纸</translation>
    </message>
    <message>
        <source>Draw here with mouse, pen or finger. Drag with the right button to erase.</source>
        <translation>在这里用鼠标、笔或手指书写。按住右键拖动可以擦除。</translation>
    </message>
</context>
<context>
    <name>CardText</name>
    <message>
        <source>{names}, {count} training images</source>
        <translation>{names}，{count} 张训练图像</translation>
    </message>
    <message>
        <source>synthetic digits</source>
        <translation>合成数字</translation>
    </message>
    <message>
        <source>synthetic letters</source>
        <translation>合成字母</translation>
    </message>
    <message>
        <source>scribbles</source>
        <translation>涂鸦</translation>
    </message>
    <message>
        <source>digits</source>
        <translation>数字</translation>
    </message>
    <message>
        <source>letters</source>
        <translation>字母</translation>
    </message>
    <message>
        <source>letters and signs</source>
        <translation>字母和符号</translation>
    </message>
    <message>
        <source>digits and letters</source>
        <translation>数字和字母</translation>
    </message>
    <message>
        <source>signs</source>
        <translation>符号</translation>
    </message>
    <message>
        <source>{name} ({part})</source>
        <translation>{name}（{part}）</translation>
    </message>
    <message>
        <source>then {count} drawings by one writer</source>
        <translation>然后是一位书写者的 {count} 份笔迹</translation>
    </message>
    <message>
        <source>then {count} drawings by {writer}</source>
        <translation>然后是 {writer} 的 {count} 份笔迹</translation>
    </message>
</context>
<context>
    <name>ChangedDrawings</name>
    <message>
        <source>This is {label}. Before: {before}. Now: {after}.</source>
        <translation>这是 {label}。之前：{before}。现在：{after}。</translation>
    </message>
    <message>
        <source>This is {label}. Before: {before}. Now: wrong while it had not learned from this drawing; after it did, {after}.</source>
        <translation>这是 {label}。之前：{before}。现在：未学习这份笔迹时认错；学习之后为 {after}。</translation>
    </message>
    <message>
        <source>This is {label}. Before: {before}. Now: right even while it had not learned from this drawing; after it did, {after}.</source>
        <translation>这是 {label}。之前：{before}。现在：未学习这份笔迹时也认对；学习之后为 {after}。</translation>
    </message>
</context>
<context>
    <name>Choices</name>
    <message>
        <source>loading…</source>
        <translation>加载中…</translation>
    </message>
    <message>
        <source>{name} (unusable)</source>
        <translation>{name}（无法使用）</translation>
    </message>
    <message>
        <source>{percent} right</source>
        <translation>准确率 {percent}</translation>
    </message>
    <message>
        <source>ships with the app</source>
        <translation>应用自带</translation>
    </message>
    <message>
        <source>yours</source>
        <translation>我的</translation>
    </message>
    <message>
        <source>right: of the pictures that it was validated with</source>
        <translation>准确率：在验证图片上的结果</translation>
    </message>
    <message>
        <source>the fastest there is</source>
        <translation>可用的最快设备</translation>
    </message>
    <message>
        <source>Follow the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>No font on this system has its letters</source>
        <translation>系统中没有能显示它的字体</translation>
    </message>
</context>
<context>
    <name>ClassTable</name>
    <message>
        <source>class</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>pictures</source>
        <translation>图片数</translation>
    </message>
    <message>
        <source>precision</source>
        <translation>精确率</translation>
    </message>
    <message>
        <source>recall</source>
        <translation>召回率</translation>
    </message>
    <message>
        <source>F1</source>
        <translation>F1</translation>
    </message>
    <message>
        <source>Of all that were read as this class, how many are</source>
        <translation>认成该类的图片中，真正属于该类的比例</translation>
    </message>
    <message>
        <source>Of all of this class, how many were read as it</source>
        <translation>属于该类的图片中，被认对的比例</translation>
    </message>
    <message>
        <source>The harmonic mean of precision and recall</source>
        <translation>精确率与召回率的调和平均</translation>
    </message>
</context>
<context>
    <name>ComparePanel</name>
    <message>
        <source>Two networks</source>
        <translation>两个网络</translation>
    </message>
    <message>
        <source>Draw on the paper: both read it.</source>
        <translation>在纸上书写，两个网络会同时识别。</translation>
    </message>
    <message>
        <source>Both read {label}.</source>
        <translation>两个网络都识别为 {label}。</translation>
    </message>
    <message>
        <source>Neither gives an answer.</source>
        <translation>两个网络都没有给出答案。</translation>
    </message>
    <message>
        <source>They differ: {first} on the left, {second} on the right.</source>
        <translation>结果不同：左边是 {first}，右边是 {second}。</translation>
    </message>
    <message>
        <source>no answer</source>
        <translation>没有答案</translation>
    </message>
</context>
<context>
    <name>ComparisonDialog</name>
    <message>
        <source>It is as accurate as the one in use.</source>
        <translation>它与当前使用的网络准确率相同。</translation>
    </message>
    <message>
        <source>It is better by {points} percentage points.</source>
        <translation>准确率比当前网络高 {points} 个百分点。</translation>
    </message>
    <message>
        <source>It is worse by {points} percentage points.</source>
        <translation>准确率比当前网络低 {points} 个百分点。</translation>
    </message>
    <message>
        <source>{network} is ready: {accuracy} right.</source>
        <translation>{network} 已训练好：准确率 {accuracy}。</translation>
    </message>
    <message>
        <source>{network} is ready: {accuracy} right, as many as {old}.</source>
        <translation>{network} 已训练好：准确率 {accuracy}，与 {old} 相同。</translation>
    </message>
    <message>
        <source>{network} is ready: {accuracy} right, {points} percentage points better than {old}.</source>
        <translation>{network} 已训练好：准确率 {accuracy}，比 {old} 高 {points} 个百分点。</translation>
    </message>
    <message>
        <source>{network} is ready: {accuracy} right, {points} percentage points worse than {old}.</source>
        <translation>{network} 已训练好：准确率 {accuracy}，比 {old} 低 {points} 个百分点。</translation>
    </message>
    <message>
        <source>the one in use</source>
        <translation>当前网络</translation>
    </message>
    <message>
        <source>The new network</source>
        <translation>新网络</translation>
    </message>
    <message>
        <source>Name of the new network</source>
        <translation>新网络的名称</translation>
    </message>
    <message>
        <source>Keep it as</source>
        <translation>保存为</translation>
    </message>
    <message>
        <source>Try both on the paper</source>
        <translation>在纸上试用两者</translation>
    </message>
    <message>
        <source>Keep the old one</source>
        <translation>保留旧网络</translation>
    </message>
    <message>
        <source>Use the new network</source>
        <translation>使用新网络</translation>
    </message>
    <message>
        <source>{accuracy} of the validation pictures are right.</source>
        <translation>验证图片认对 {accuracy}。</translation>
    </message>
    <message>
        <source>Measured on {count} pictures that it did not learn from.</source>
        <translation>在 {count} 张未参与训练的图片上测得。</translation>
    </message>
    <message>
        <source>Now right: {fixed}. Now wrong: {broken}. Measured for both on the same {count} pictures, which the new network did not learn from.</source>
        <translation>改对 {fixed} 张，改错 {broken} 张。两者用同样的 {count} 张图片测得，新网络没有用它们训练。</translation>
    </message>
    <message>
        <source>accuracy</source>
        <translation>准确率</translation>
    </message>
    <message>
        <source>loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>New network</source>
        <translation>新网络</translation>
    </message>
    <message>
        <source>In use: {name}</source>
        <translation>当前：{name}</translation>
    </message>
</context>
<context>
    <name>ConfigFiles</name>
    <message>
        <source>Open settings</source>
        <translation>打开设置</translation>
    </message>
    <message>
        <source>Settings (*.toml *.json)</source>
        <translation>设置文件 (*.toml *.json)</translation>
    </message>
    <message>
        <source>Save the settings</source>
        <translation>保存设置</translation>
    </message>
    <message>
        <source>The settings were not opened</source>
        <translation>设置未能打开</translation>
    </message>
    <message>
        <source>The settings were not saved</source>
        <translation>设置未能保存</translation>
    </message>
</context>
<context>
    <name>ConfusionMatrix</name>
    <message>
        <source>{label}, read as it is ({count})</source>
        <translation>{label}，认对：{count} 张</translation>
    </message>
    <message>
        <source>{label}, read as {answer} ({count})</source>
        <translation>{label}，认成 {answer}：{count} 张</translation>
    </message>
    <message>
        <source>read as</source>
        <translation>认成</translation>
    </message>
    <message>
        <source>written</source>
        <translation>实际为</translation>
    </message>
</context>
<context>
    <name>ContradictionLine</name>
    <message>
        <source>{count} drawings contradict each other: nearly the same, under different labels. Readings are not compared with them.</source>
        <translation>有 {count} 份笔迹互相矛盾：几乎一样，标签却不同。识别时不参考它们。</translation>
    </message>
    <message>
        <source>Select them</source>
        <translation>选中它们</translation>
    </message>
</context>
<context>
    <name>Controls</name>
    <message>
        <source>Continue</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Pausing…</source>
        <translation>正在暂停…</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Go on training</source>
        <translation>继续训练</translation>
    </message>
    <message>
        <source>Wait after the batch that it is at; nothing is lost</source>
        <translation>完成当前这一批后等待；不会丢失任何内容</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>单步</translation>
    </message>
    <message>
        <source>Learn from one batch, then pause</source>
        <translation>学习一批，然后暂停</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>正在停止…</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Finish now and keep the best weights so far</source>
        <translation>立即结束，保留目前最佳的权重</translation>
    </message>
    <message>
        <source>Cancelling…</source>
        <translation>正在取消…</translation>
    </message>
    <message>
        <source>Cancel…</source>
        <translation>取消…</translation>
    </message>
    <message>
        <source>End the run and delete what it has learned</source>
        <translation>结束训练并删除学到的内容</translation>
    </message>
</context>
<context>
    <name>Crash</name>
    <message>
        <source>Something went wrong that should not have. The app goes on if it can.</source>
        <translation>发生了意外的问题。应用会尽量继续运行。</translation>
    </message>
    <message>
        <source>Your drawing is in {path}.</source>
        <translation>笔迹已保存到 {path}。</translation>
    </message>
    <message>
        <source>What happened is written in {path}.</source>
        <translation>详细情况已写入 {path}。</translation>
    </message>
    <message>
        <source>An unexpected error</source>
        <translation>意外错误</translation>
    </message>
    <message>
        <source>Copy report</source>
        <translation>复制报告</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
    <message>
        <source>A drawing was rescued</source>
        <translation>已恢复一份笔迹</translation>
    </message>
    <message>
        <source>It was on the paper when something went wrong.</source>
        <translation>出现问题时它正在纸上。</translation>
    </message>
    <message>
        <source>Open it on the paper, or discard it.</source>
        <translation>可以在纸上打开它，也可以丢弃它。</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>丢弃</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>以后再说</translation>
    </message>
    <message>
        <source>Cannot open the rescued drawing</source>
        <translation>无法打开保留下来的笔迹</translation>
    </message>
</context>
<context>
    <name>CurveFiles</name>
    <message>
        <source>Save the curves</source>
        <translation>保存曲线</translation>
    </message>
    <message>
        <source>PNG picture</source>
        <translation>PNG 图片</translation>
    </message>
    <message>
        <source>Table of values</source>
        <translation>数值表格</translation>
    </message>
    <message>
        <source>Saved {name}.</source>
        <translation>已保存 {name}。</translation>
    </message>
    <message>
        <source>The curves were not saved</source>
        <translation>曲线未能保存</translation>
    </message>
</context>
<context>
    <name>Curves</name>
    <message>
        <source>training</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>validation</source>
        <translation>验证</translation>
    </message>
</context>
<context>
    <name>DamageControls</name>
    <message>
        <source>channel {number} is off: click to switch it on</source>
        <translation>通道 {number} 已关闭：点击打开</translation>
    </message>
    <message>
        <source>channel {number}: click to switch it off</source>
        <translation>通道 {number}：点击关闭</translation>
    </message>
    <message>
        <source>{number} %</source>
        <translation>{number}%</translation>
    </message>
    <message>
        <source>{number} px</source>
        <translation>{number} 像素</translation>
    </message>
    <message>
        <source>Noise on the weights</source>
        <translation>权重噪声</translation>
    </message>
    <message>
        <source>Of the spread of each layer's weights</source>
        <translation>相对于每层权重的离散程度</translation>
    </message>
    <message>
        <source>Bits of a weight</source>
        <translation>每个权重的位数</translation>
    </message>
    <message>
        <source>So few values are left for each weight</source>
        <translation>位数越少，权重可取的值越少</translation>
    </message>
    <message>
        <source>Turn the input</source>
        <translation>旋转输入</translation>
    </message>
    <message>
        <source>Counter-clockwise</source>
        <translation>逆时针</translation>
    </message>
    <message>
        <source>Shift to the right</source>
        <translation>向右平移</translation>
    </message>
    <message>
        <source>Shift down</source>
        <translation>向下平移</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>层</translation>
    </message>
    <message>
        <source>Layers with weights, from the input to the answer</source>
        <translation>带权重的各层，从输入到输出</translation>
    </message>
    <message>
        <source>32: as they are</source>
        <translation>32：保持原样</translation>
    </message>
    <message>
        <source>1: only the sign</source>
        <translation>1：只留正负号</translation>
    </message>
    <message>
        <source>{number}: convolution, {channels} channels</source>
        <translation>{number}：卷积层，{channels} 个通道</translation>
    </message>
    <message>
        <source>{number}: fully connected, {channels} outputs</source>
        <translation>{number}：全连接层，{channels} 个输出</translation>
    </message>
    <message>
        <source>Switch the whole layer off</source>
        <translation>关闭整层</translation>
    </message>
    <message>
        <source>What it makes of your drawing; a click switches a channel off:</source>
        <translation>这一层看到的手写内容，点击可关闭通道：</translation>
    </message>
    <message>
        <source>Channels of the layer</source>
        <translation>该层的通道</translation>
    </message>
</context>
<context>
    <name>Deletion</name>
    <message>
        <source>Deleted {name}.</source>
        <translation>已删除 {name}。</translation>
    </message>
    <message>
        <source>Deleted {count} runs.</source>
        <translation>已删除 {count} 次训练。</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>That did not work</source>
        <translation>操作没有成功</translation>
    </message>
</context>
<context>
    <name>DemoMode</name>
    <message>
        <source>Demo mode</source>
        <translation>演示模式</translation>
    </message>
    <message>
        <source>Visitors draw, the paper clears itself, and nothing is kept.

To leave: tap the upper left corner four times, then hold it for two seconds.</source>
        <translation>参观者写字，纸面会自动清空，什么都不会保存。

要退出：在左上角轻点四次，再按住两秒。</translation>
    </message>
    <message>
        <source>Begin</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>DemoScreen</name>
    <message>
        <source>Handwrite</source>
        <translation>Handwrite</translation>
    </message>
    <message>
        <source>Touch the paper and draw a letter</source>
        <translation>触摸纸面，写一个字母</translation>
    </message>
    <message>
        <source>Draw a letter, as you write it</source>
        <translation>像平时那样写一个字母</translation>
    </message>
    <message>
        <source>Touch the paper and draw a digit or a letter</source>
        <translation>触摸纸面，写一个数字或字母</translation>
    </message>
    <message>
        <source>Draw a digit or a letter, as you write it</source>
        <translation>像平时那样写一个数字或字母</translation>
    </message>
    <message>
        <source>Touch the paper and draw a digit</source>
        <translation>触摸纸面，写一个数字</translation>
    </message>
    <message>
        <source>Draw a digit, as you write it</source>
        <translation>像平时那样写一个数字</translation>
    </message>
</context>
<context>
    <name>Devices</name>
    <message>
        <source>Auto</source>
        <translation>自动</translation>
    </message>
</context>
<context>
    <name>Experiments</name>
    <message>
        <source>Export the results</source>
        <translation>导出结果</translation>
    </message>
    <message>
        <source>experiments.csv</source>
        <translation>experiments.csv</translation>
    </message>
    <message>
        <source>CSV table</source>
        <translation>CSV 表格</translation>
    </message>
    <message>
        <source>The results were not exported</source>
        <translation>结果未能导出</translation>
    </message>
    <message>
        <source>Saved {name}</source>
        <translation>已保存 {name}</translation>
    </message>
    <message>
        <source>Learning by heart</source>
        <translation>死记硬背</translation>
    </message>
    <message>
        <source>What does a network learn from 1,000 pictures when it sees them again and again?</source>
        <translation>反复看同样的 1,000 张图片，网络能学到什么？</translation>
    </message>
    <message>
        <source>Start the first run and watch both curves.</source>
        <translation>开始第一次训练，观察两条曲线。</translation>
    </message>
    <message>
        <source>Start the second run: it sees ten times the pictures, each less often.</source>
        <translation>开始第二次训练：图片多十倍，但每张看的次数更少。</translation>
    </message>
    <message>
        <source>The training line reaches 100 %, the validation line stays below it.</source>
        <translation>训练曲线达到 100%，验证曲线始终低于它。</translation>
    </message>
    <message>
        <source>The validation loss rises again although the training loss goes on falling.</source>
        <translation>训练损失继续下降，验证损失却重新上升。</translation>
    </message>
    <message>
        <source>On the page “Watch”: which pictures of the wall stay wrong?</source>
        <translation>在“观看”页：图片墙上哪些图片一直认错？</translation>
    </message>
    <message>
        <source>The network remembers its 1,000 pictures instead of what digits have in common. That is called overfitting. It shows only in pictures that were kept out of training: this is what validation pictures are for. More pictures help, and so does stopping early.</source>
        <translation>网络记住的是这 1,000 张图片本身，而不是数字的共同特征，这叫过拟合。只有看未参加训练的图片才能发现它，验证图片就是为此准备的。增加图片或提前停止都有帮助。</translation>
    </message>
    <message>
        <source>A turned 7</source>
        <translation>歪着的 7</translation>
    </message>
    <message>
        <source>Can a network read what it has never seen turned?</source>
        <translation>没见过旋转的数字，网络能认出来吗？</translation>
    </message>
    <message>
        <source>Start the first run, which sees upright digits only.</source>
        <translation>开始第一次训练，它只看端正的数字。</translation>
    </message>
    <message>
        <source>Draw a 7 as if the paper were turned by about 40°, and pin it on the page “Watch”.</source>
        <translation>写一个 7，就像纸被转了约 40° 一样，并在“观看”页钉住它。</translation>
    </message>
    <message>
        <source>Start the second run, which sees each digit turned in many ways.</source>
        <translation>开始第二次训练，它会看到每个数字的各种旋转。</translation>
    </message>
    <message>
        <source>The line of your pinned 7 in the first run and in the second.</source>
        <translation>比较钉住的 7 在两次训练中的曲线。</translation>
    </message>
    <message>
        <source>The training accuracy of the second run is lower, its network is not worse.</source>
        <translation>第二次训练的训练准确率更低，但网络并不更差。</translation>
    </message>
    <message>
        <source>With Model ▸ Break it: turn the input by 30°. How many of the sixty are still right with each network?</source>
        <translation>用“模型 ▸ 破坏网络”把输入旋转 30°：两个网络在六十张图片中还各能认对多少？</translation>
    </message>
    <message>
        <source>A network knows only what its pictures show. Turning and shifting them while it learns (augmentation) makes many pictures out of each, at no cost but time. It must fit the task: turned by 180°, a 6 is a 9.</source>
        <translation>网络只知道图片里有的东西。训练时旋转、平移图片（数据增强），一张就变成许多张，代价只是时间。但增强要符合任务：6 转 180° 就成了 9。</translation>
    </message>
    <message>
        <source>The German 1</source>
        <translation>德国人的 1</translation>
    </message>
    <message>
        <source>Why do many networks read a 1 with a long upstroke as a 7?</source>
        <translation>为什么许多网络会把带长起笔的 1 认成 7？</translation>
    </message>
    <message>
        <source>Start the first run: it learns from MNIST, whose writers were Americans.</source>
        <translation>开始第一次训练：它只学 MNIST，书写者都是美国人。</translation>
    </message>
    <message>
        <source>Draw a 1 with a long upstroke that begins far to the left, at half its height, as many Germans write it. Pin it.</source>
        <translation>像许多德国人那样写一个 1：起笔很长，从左边远处、约一半高度开始。把它钉住。</translation>
    </message>
    <message>
        <source>Start the second run: it also learns from digits as other countries write them.</source>
        <translation>开始第二次训练：它还学习其他国家写法的数字。</translation>
    </message>
    <message>
        <source>The line of your pinned 1: what does each network make of it?</source>
        <translation>看钉住的 1 的曲线：两个网络分别怎么认？</translation>
    </message>
    <message>
        <source>Draw a 7 with a bar through it as well: some writers of MNIST made it so, and both networks read it.</source>
        <translation>再写一个带横杠的 7：MNIST 中有人这样写，两个网络都能认出。</translation>
    </message>
    <message>
        <source>In the report: the cell of row 1 and column 7 opens the pictures behind it.</source>
        <translation>在报告中：点击第 1 行第 7 列的格子，可查看对应的图片。</translation>
    </message>
    <message>
        <source>Both networks can be equally good on MNIST's own pictures. A good result says something only about handwriting like that in the data. Whoever is missing there is read worse, which nobody notices until it is tested with their writing.</source>
        <translation>在 MNIST 自己的图片上，两个网络可能一样好。好成绩只说明它能认与数据相似的笔迹。数据里缺少的人会被认得更差，而只有用他们的字测试才会发现。</translation>
    </message>
    <message>
        <source>Softmax twice</source>
        <translation>两次 softmax</translation>
    </message>
    <message>
        <source>What does a mistake cost that raises no error?</source>
        <translation>一个不报错的错误，代价有多大？</translation>
    </message>
    <message>
        <source>Start the first run: softmax is applied once, by the loss.</source>
        <translation>开始第一次训练：softmax 只由损失函数应用一次。</translation>
    </message>
    <message>
        <source>Start the second run: the network applies softmax too, as in several tutorials. Nothing else differs.</source>
        <translation>开始第二次训练：像一些教程那样，网络自己也应用 softmax，其余完全相同。</translation>
    </message>
    <message>
        <source>The second training loss falls slowly, and can never fall below 1.46.</source>
        <translation>第二次的训练损失下降很慢，而且永远不会低于 1.46。</translation>
    </message>
    <message>
        <source>Its validation loss, which is measured with softmax once, rises: the network is far too sure of its mistakes.</source>
        <translation>它的验证损失（按只用一次 softmax 计算）反而上升：网络对自己的错误过于自信。</translation>
    </message>
    <message>
        <source>The second accuracy rises late, or not at all.</source>
        <translation>第二次的准确率很晚才上升，甚至完全不上升。</translation>
    </message>
    <message>
        <source>On the page “Watch”: after how many steps does the wall turn right?</source>
        <translation>在“观看”页：图片墙在多少步之后变对？</translation>
    </message>
    <message>
        <source>PyTorch's cross-entropy applies softmax itself. Applied before as well, it presses all outputs between 0 and 1: the differences become small, the gradients too, and learning slows down. With a cleverer optimizer the same mistake may stay hidden, and costs only some accuracy.</source>
        <translation>PyTorch 的交叉熵本身就包含 softmax。事先再用一次，所有输出都被压到 0 和 1 之间：差别变小，梯度也变小，学习因此变慢。换成更聪明的优化器，这个错误可能被掩盖，只损失一些准确率。</translation>
    </message>
    <message>
        <source>Small against large</source>
        <translation>小网络对大网络</translation>
    </message>
    <message>
        <source>Is a network with more weights a better one?</source>
        <translation>权重越多，网络就越好吗？</translation>
    </message>
    <message>
        <source>Start the small network and write down its pictures a second.</source>
        <translation>训练小网络，记下它每秒处理的图片数。</translation>
    </message>
    <message>
        <source>Start the large one on the same pictures.</source>
        <translation>用同样的图片训练大网络。</translation>
    </message>
    <message>
        <source>Accuracy, time, and number of weights in the table below.</source>
        <translation>下表中的准确率、时间和权重数。</translation>
    </message>
    <message>
        <source>With Model ▸ Break it: keep 4 bits of each weight. Which one bears it better? With 2 bits neither does.</source>
        <translation>用“模型 ▸ 破坏网络”：每个权重只留 4 位。哪个网络更经得起？只留 2 位时，两个都不行。</translation>
    </message>
    <message>
        <source>With Model ▸ Compare two networks: do you notice a difference as you draw?</source>
        <translation>用“模型 ▸ 比较两个网络”：书写时能感觉到差别吗？</translation>
    </message>
    <message>
        <source>How the weights are arranged matters more than how many there are. The small network sees the whole picture at once by gaps in its filters; the large one needs many weights for that in its last layers. Small networks run on small devices and cost less energy.</source>
        <translation>权重怎么排列，比有多少更重要。小网络靠空洞卷积一次看到整张图片；大网络则要在最后几层用大量权重才能做到。小网络能在小设备上运行，也更省电。</translation>
    </message>
    <message>
        <source>1,000 pictures, 25 times</source>
        <translation>1,000 张图片，看 25 遍</translation>
    </message>
    <message>
        <source>so few that the network can learn them by heart</source>
        <translation>少到网络可以全部背下来</translation>
    </message>
    <message>
        <source>10,000 pictures, 5 times</source>
        <translation>10,000 张图片，看 5 遍</translation>
    </message>
    <message>
        <source>twice the work, ten times the pictures</source>
        <translation>两倍的计算量，十倍的图片</translation>
    </message>
    <message>
        <source>Pictures as they are</source>
        <translation>原样的图片</translation>
    </message>
    <message>
        <source>upright digits, always in the same place</source>
        <translation>端正的数字，总在同一位置</translation>
    </message>
    <message>
        <source>Pictures turned a little</source>
        <translation>稍加旋转的图片</translation>
    </message>
    <message>
        <source>each time it is met, a digit is turned, sheared and shifted another way</source>
        <translation>每次遇到，数字都以不同方式旋转、倾斜和平移</translation>
    </message>
    <message>
        <source>MNIST alone</source>
        <translation>只用 MNIST</translation>
    </message>
    <message>
        <source>American digits: a 1 is one stroke</source>
        <translation>美国人的数字：1 只有一笔</translation>
    </message>
    <message>
        <source>MNIST, and drawn strokes</source>
        <translation>MNIST 加绘制的笔画</translation>
    </message>
    <message>
        <source>the program draws digits as other countries write them, too</source>
        <translation>程序也绘制其他国家写法的数字</translation>
    </message>
    <message>
        <source>Softmax once</source>
        <translation>一次 softmax</translation>
    </message>
    <message>
        <source>the loss applies softmax to the network's outputs, as it should</source>
        <translation>由损失函数对网络输出应用 softmax，本该如此</translation>
    </message>
    <message>
        <source>the mistake: the network applies softmax, and the loss applies it again</source>
        <translation>错误做法：网络应用一次，损失函数又应用一次</translation>
    </message>
    <message>
        <source>Small: dsdcnn</source>
        <translation>小：dsdcnn</translation>
    </message>
    <message>
        <source>separable convolutions: few weights that see the whole picture</source>
        <translation>可分离卷积：权重很少，却能看到整张图片</translation>
    </message>
    <message>
        <source>Large: vgg-small</source>
        <translation>大：vgg-small</translation>
    </message>
    <message>
        <source>many weights in plain layers</source>
        <translation>普通的层，大量的权重</translation>
    </message>
</context>
<context>
    <name>ExperimentsWindow</name>
    <message>
        <source>Do</source>
        <translation>步骤</translation>
    </message>
    <message>
        <source>MNIST is not on this computer: these runs learn from digits that the program draws. What there is to see is the same, the numbers differ.</source>
        <translation>这台电脑上没有 MNIST：这些训练改用程序绘制的数字。能看到的现象相同，只是数值不同。</translation>
    </message>
    <message>
        <source>Look at</source>
        <translation>观察</translation>
    </message>
    <message>
        <source>Your results</source>
        <translation>你的结果</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>为什么</translation>
    </message>
    <message>
        <source>None yet. They appear here when a run ends.</source>
        <translation>还没有。训练结束后会显示在这里。</translation>
    </message>
    <message>
        <source>run</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>training</source>
        <translation>训练集</translation>
    </message>
    <message>
        <source>validation</source>
        <translation>验证集</translation>
    </message>
    <message>
        <source>loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>weights</source>
        <translation>权重数</translation>
    </message>
    <message>
        <source>seconds</source>
        <translation>秒</translation>
    </message>
    <message>
        <source>Report…</source>
        <translation>报告…</translation>
    </message>
    <message>
        <source>Experiments</source>
        <translation>实验</translation>
    </message>
    <message>
        <source>Export results as CSV…</source>
        <translation>将结果导出为 CSV…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>Exporter</name>
    <message>
        <source>{name} is written.</source>
        <translation>已写入 {name}。</translation>
    </message>
    <message>
        <source>Exporting, and checking the file…</source>
        <translation>正在导出并检查文件…</translation>
    </message>
    <message>
        <source>{name} is written; it answers {count} drawings as this program does.</source>
        <translation>已写入 {name}；它对 {count} 份笔迹的识别结果与本程序一致。</translation>
    </message>
</context>
<context>
    <name>FileCommands</name>
    <message>
        <source>the picture</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Opened {name}</source>
        <translation>已打开：{name}</translation>
    </message>
    <message>
        <source>the drawing</source>
        <translation>笔迹</translation>
    </message>
    <message>
        <source>Opening {name}…</source>
        <translation>正在打开 {name}…</translation>
    </message>
    <message>
        <source>Opened {name}, the first of {count} files. Drop them one at a time.</source>
        <translation>已打开 {name}（共 {count} 个文件中的第一个）。请逐个拖入。</translation>
    </message>
    <message>
        <source>Opened the first drawing of {name}. To import all: My drawings, Import.</source>
        <translation>已打开 {name} 中的第一份笔迹。要全部导入，请使用“我的笔迹”中的“导入”。</translation>
    </message>
    <message>
        <source>Cannot open {name}</source>
        <translation>无法打开{name}</translation>
    </message>
    <message>
        <source>There is no picture to paste.</source>
        <translation>没有可以粘贴的图片。</translation>
    </message>
    <message>
        <source>Open a picture or a drawing</source>
        <translation>打开图片或笔迹</translation>
    </message>
    <message>
        <source>Pictures and drawings</source>
        <translation>图片和笔迹</translation>
    </message>
    <message>
        <source>Save the drawing</source>
        <translation>保存笔迹</translation>
    </message>
    <message>
        <source>drawing.png</source>
        <translation>笔迹.png</translation>
    </message>
    <message>
        <source>PNG picture</source>
        <translation>PNG 图片</translation>
    </message>
    <message>
        <source>SVG drawing</source>
        <translation>SVG 图形</translation>
    </message>
    <message>
        <source>Strokes as JSON lines</source>
        <translation>笔画（JSON Lines）</translation>
    </message>
    <message>
        <source>The drawing was not saved</source>
        <translation>笔迹未能保存</translation>
    </message>
    <message>
        <source>Saved {name}</source>
        <translation>已保存：{name}</translation>
    </message>
    <message>
        <source>Copied the drawing</source>
        <translation>已复制笔迹</translation>
    </message>
    <message>
        <source>Load a network</source>
        <translation>加载网络</translation>
    </message>
    <message>
        <source>Networks</source>
        <translation>网络文件</translation>
    </message>
</context>
<context>
    <name>Folders</name>
    <message>
        <source>{folder} could not be made: {reason}.</source>
        <translation>无法创建 {folder}：{reason}。</translation>
    </message>
    <message>
        <source>The folder cannot be shown</source>
        <translation>无法显示文件夹</translation>
    </message>
    <message>
        <source>No program on this system shows folders. It is {folder}.</source>
        <translation>此系统没有可显示文件夹的程序。该文件夹是 {folder}。</translation>
    </message>
</context>
<context>
    <name>Gallery</name>
    <message>
        <source>{label}, refused</source>
        <translation>{label}，网络认为这不是数字</translation>
    </message>
    <message>
        <source>{label}, read as {said}</source>
        <translation>{label}，识别为 {said}</translation>
    </message>
    <message>
        <source>Label: {label}</source>
        <translation>标签：{label}</translation>
    </message>
    <message>
        <source>Writer: {writer}</source>
        <translation>书写者：{writer}</translation>
    </message>
    <message>
        <source>Drawn: {when}</source>
        <translation>书写时间：{when}</translation>
    </message>
    <message>
        <source>With: {device}</source>
        <translation>书写工具：{device}</translation>
    </message>
    <message>
        <source>No network has read it.</source>
        <translation>没有网络识别过它。</translation>
    </message>
    <message>
        <source>Reading: not a digit</source>
        <translation>识别结果：不是数字</translation>
    </message>
    <message>
        <source>Reading: no answer</source>
        <translation>识别结果：无</translation>
    </message>
    <message>
        <source>Reading: {label}</source>
        <translation>识别结果：{label}</translation>
    </message>
    <message>
        <source>Reading: {label}, certainty {percent}</source>
        <translation>识别结果：{label}，置信度 {percent}</translation>
    </message>
    <message>
        <source>Network: {name}</source>
        <translation>网络：{name}</translation>
    </message>
    <message>
        <source>mouse</source>
        <translation>鼠标</translation>
    </message>
    <message>
        <source>pen</source>
        <translation>笔</translation>
    </message>
    <message>
        <source>finger</source>
        <translation>手指</translation>
    </message>
    <message>
        <source>My drawings</source>
        <translation>我的笔迹</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>The drawing cannot be put on the paper</source>
        <translation>无法将这份笔迹放到纸上</translation>
    </message>
    <message>
        <source>{shown} of {all} drawings</source>
        <translation>显示 {shown} 份，共 {all} 份笔迹</translation>
    </message>
    <message>
        <source>{shown} of {all} drawings, {selected} selected</source>
        <translation>显示 {shown} 份，共 {all} 份笔迹，已选 {selected} 份</translation>
    </message>
    <message>
        <source>One drawing</source>
        <translation>共 1 份笔迹</translation>
    </message>
    <message>
        <source>{all} drawings</source>
        <translation>共 {all} 份笔迹</translation>
    </message>
    <message>
        <source>One drawing, selected</source>
        <translation>共 1 份笔迹，已选中</translation>
    </message>
    <message>
        <source>{all} drawings, {selected} selected</source>
        <translation>共 {all} 份笔迹，已选 {selected} 份</translation>
    </message>
</context>
<context>
    <name>GalleryCommands</name>
    <message>
        <source>Put on the paper</source>
        <translation>放到纸上</translation>
    </message>
    <message>
        <source>Label as</source>
        <translation>标签改为</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>导入…</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>The selected drawings…</source>
        <translation>所选笔迹…</translation>
    </message>
    <message>
        <source>All drawings shown…</source>
        <translation>显示的全部笔迹…</translation>
    </message>
</context>
<context>
    <name>GalleryEdits</name>
    <message>
        <source>The drawings keep their labels</source>
        <translation>笔迹的标签没有改变</translation>
    </message>
    <message>
        <source>The drawings were not deleted</source>
        <translation>笔迹未能删除</translation>
    </message>
    <message>
        <source>{count} drawings labelled {label}</source>
        <translation>已将 {count} 份笔迹标为 {label}</translation>
    </message>
    <message>
        <source>Drawing labelled {label}</source>
        <translation>已标为 {label}</translation>
    </message>
    <message>
        <source>{count} drawings deleted</source>
        <translation>已删除 {count} 份笔迹</translation>
    </message>
    <message>
        <source>Drawing deleted</source>
        <translation>已删除笔迹</translation>
    </message>
    <message>
        <source>Nothing was taken back</source>
        <translation>未能撤销</translation>
    </message>
</context>
<context>
    <name>GalleryFiles</name>
    <message>
        <source>Export drawings</source>
        <translation>导出笔迹</translation>
    </message>
    <message>
        <source>drawings.jsonl</source>
        <translation>笔迹.jsonl</translation>
    </message>
    <message>
        <source>Strokes (JSON Lines)</source>
        <translation>笔画（JSON Lines）</translation>
    </message>
    <message>
        <source>Compressed</source>
        <translation>压缩文件</translation>
    </message>
    <message>
        <source>Import drawings</source>
        <translation>导入笔迹</translation>
    </message>
    <message>
        <source>The drawings were not exported</source>
        <translation>笔迹未能导出</translation>
    </message>
    <message>
        <source>Exporting: {count} drawings so far</source>
        <translation>正在导出：已完成 {count} 份</translation>
    </message>
    <message>
        <source>The drawings were not imported</source>
        <translation>笔迹未能导入</translation>
    </message>
    <message>
        <source>Importing: {count} lines so far</source>
        <translation>正在导入：已读取 {count} 行</translation>
    </message>
    <message>
        <source>Wait until the other file is done.</source>
        <translation>请等待另一个文件处理完成。</translation>
    </message>
    <message>
        <source>Your drawings</source>
        <translation>我的笔迹</translation>
    </message>
    <message>
        <source>Exported {count} drawings to {name}</source>
        <translation>已将 {count} 份笔迹导出到 {name}</translation>
    </message>
    <message>
        <source>Exported one drawing to {name}</source>
        <translation>已将 1 份笔迹导出到 {name}</translation>
    </message>
    <message>
        <source>Imported {count} drawings</source>
        <translation>已导入 {count} 份笔迹</translation>
    </message>
    <message>
        <source>Imported one drawing</source>
        <translation>已导入 1 份笔迹</translation>
    </message>
</context>
<context>
    <name>GalleryFilters</name>
    <message>
        <source>{name} ({count})</source>
        <translation>{name}（{count}）</translation>
    </message>
    <message>
        <source>Read correctly</source>
        <translation>识别正确</translation>
    </message>
    <message>
        <source>Read wrongly</source>
        <translation>识别错误</translation>
    </message>
    <message>
        <source>All writers</source>
        <translation>所有书写者</translation>
    </message>
    <message>
        <source>All labels</source>
        <translation>所有标签</translation>
    </message>
    <message>
        <source>Any result</source>
        <translation>所有识别结果</translation>
    </message>
    <message>
        <source>Show drawings of this writer</source>
        <translation>显示这位书写者的笔迹</translation>
    </message>
    <message>
        <source>Show drawings with this label</source>
        <translation>显示带此标签的笔迹</translation>
    </message>
    <message>
        <source>Show drawings by how they were read</source>
        <translation>按识别对错显示笔迹</translation>
    </message>
</context>
<context>
    <name>Half</name>
    <message>
        <source>First network</source>
        <translation>第一个网络</translation>
    </message>
    <message>
        <source>Second network</source>
        <translation>第二个网络</translation>
    </message>
</context>
<context>
    <name>HandwritingMode</name>
    <message>
        <source>Writing…</source>
        <translation>正在写…</translation>
    </message>
    <message>
        <source>Save what was written</source>
        <translation>保存写出的内容</translation>
    </message>
    <message>
        <source>SVG drawing</source>
        <translation>SVG 图形</translation>
    </message>
    <message>
        <source>PNG picture</source>
        <translation>PNG 图片</translation>
    </message>
    <message>
        <source>Strokes as JSON lines</source>
        <translation>笔画（JSON Lines）</translation>
    </message>
    <message>
        <source>What was written was not saved</source>
        <translation>写出的内容没有保存</translation>
    </message>
</context>
<context>
    <name>HandwritingPanel</name>
    <message>
        <source>Write in my hand</source>
        <translation>用我的字迹写</translation>
    </message>
    <message>
        <source>A number or a word</source>
        <translation>数字或单词</translation>
    </message>
    <message>
        <source>What to write</source>
        <translation>要写的内容</translation>
    </message>
    <message>
        <source>Every character is new: made from your saved drawings, and read again until the network is sure of it.</source>
        <translation>每个字都是新写的：由你保存的笔迹生成，再让网络反复识别，直到它有把握。</translation>
    </message>
    <message>
        <source>Put on the paper</source>
        <translation>放到纸上</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>保存…</translation>
    </message>
    <message>
        <source>Write again</source>
        <translation>重写</translation>
    </message>
    <message>
        <source>Write</source>
        <translation>写</translation>
    </message>
    <message>
        <source>{labels}: none of yours is saved, so a neutral hand wrote it. Save a few with the buttons beside the paper.</source>
        <translation>{labels}：你没有保存过，用的是通用字迹。用纸旁的按钮保存几个即可。</translation>
    </message>
    <message>
        <source>{label}: not checked, the network does not read it</source>
        <translation>{label}：未检验，这个网络不识别它</translation>
    </message>
    <message>
        <source>{label}: read with {percent} %</source>
        <translation>{label}：识别概率 {percent}%</translation>
    </message>
</context>
<context>
    <name>History</name>
    <message>
        <source>That did not work</source>
        <translation>操作没有成功</translation>
    </message>
</context>
<context>
    <name>ImportReport</name>
    <message>
        <source>The import</source>
        <translation>导入结果</translation>
    </message>
    <message>
        <source>New</source>
        <translation>新增</translation>
    </message>
    <message>
        <source>Deleted before, restored</source>
        <translation>曾删除，已恢复</translation>
    </message>
    <message>
        <source>Already in My drawings</source>
        <translation>已在“我的笔迹”中</translation>
    </message>
    <message>
        <source>Lines that cannot be used</source>
        <translation>无法使用的行</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详细信息</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Line {number}: {reason}</source>
        <translation>第 {number} 行：{reason}</translation>
    </message>
    <message>
        <source>… and {count} more</source>
        <translation>……另有 {count} 行</translation>
    </message>
    <message>
        <source>New writer: {name}</source>
        <translation>新书写者：{name}</translation>
    </message>
    <message>
        <source>The same drawing has several labels: {labels}</source>
        <translation>同一份笔迹有多个标签：{labels}</translation>
    </message>
</context>
<context>
    <name>LabelActions</name>
    <message>
        <source>not a digit</source>
        <translation>“不是数字”</translation>
    </message>
    <message>
        <source>none of these</source>
        <translation>“都不是”</translation>
    </message>
    <message>
        <source>Not a digit</source>
        <translation>不是数字</translation>
    </message>
    <message>
        <source>None of these</source>
        <translation>都不是</translation>
    </message>
</context>
<context>
    <name>LabelFeedback</name>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Saved as {label}</source>
        <translation>已保存为 {label}</translation>
    </message>
    <message>
        <source>Wrong? Press what it is</source>
        <translation>认错了？请按正确的字符</translation>
    </message>
    <message>
        <source>Saved as {label} for {writer}</source>
        <translation>已为 {writer} 保存为 {label}</translation>
    </message>
</context>
<context>
    <name>LabelPalette</name>
    <message>
        <source>What is it?</source>
        <translation>这是什么？</translation>
    </message>
    <message>
        <source>Type a character</source>
        <translation>输入字符</translation>
    </message>
    <message>
        <source>No matching label</source>
        <translation>没有匹配的标签</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
</context>
<context>
    <name>LabelRow</name>
    <message>
        <source>Label</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>It is</source>
        <translation>应为</translation>
    </message>
    <message>
        <source>All labels</source>
        <translation>所有标签</translation>
    </message>
    <message>
        <source>Label as {label}</source>
        <translation>标为 {label}</translation>
    </message>
</context>
<context>
    <name>LabellingController</name>
    <message>
        <source>Lift the pen first, then press what it is.</source>
        <translation>先提笔，再按键指出写的是什么。</translation>
    </message>
    <message>
        <source>Nothing that a guest draws is kept.</source>
        <translation>访客写的内容不会被保存。</translation>
    </message>
    <message>
        <source>It is still being read: press again in a moment.</source>
        <translation>还在识别，请稍后再按一次。</translation>
    </message>
    <message>
        <source>There is nothing to save yet. Draw, then press what it is.</source>
        <translation>还没有可保存的内容。先书写，再按键指出写的是什么。</translation>
    </message>
    <message>
        <source>The drawing was not saved</source>
        <translation>笔迹未能保存</translation>
    </message>
    <message>
        <source>The drawing is still saved</source>
        <translation>笔迹仍保存着</translation>
    </message>
    <message>
        <source>The next stroke begins a new drawing.</source>
        <translation>下一笔将开始新的笔迹。</translation>
    </message>
    <message>
        <source>The drawing is still saved as it was</source>
        <translation>笔迹仍按原样保存着</translation>
    </message>
    <message>
        <source>Saved as {label} again</source>
        <translation>已恢复为 {label}</translation>
    </message>
    <message>
        <source>Removed from My drawings.</source>
        <translation>已从“我的笔迹”中移除。</translation>
    </message>
    <message>
        <source>My drawings</source>
        <translation>我的笔迹</translation>
    </message>
</context>
<context>
    <name>LinePanel</name>
    <message>
        <source>Character {number} of {count}: {percent}</source>
        <translation>第 {number} 个字符（共 {count} 个）：{percent}</translation>
    </message>
    <message>
        <source>Number</source>
        <translation>数字串</translation>
    </message>
    <message>
        <source>Point at a character, or click it above, and press what it is to correct it</source>
        <translation>指向某个字符，或在上方点击它，再按下正确的字符即可更正</translation>
    </message>
</context>
<context>
    <name>LineSwitches</name>
    <message>
        <source>The word list {name} is not there any more: words are read without it.</source>
        <translation>词表“{name}”已不存在，识别单词时不再对照它。</translation>
    </message>
    <message>
        <source>Several characters are not read together: see Read numbers.</source>
        <translation>目前不会把多个字符连起来识别：请先打开“读取数字串”。</translation>
    </message>
    <message>
        <source>Letters alone are written.</source>
        <translation>当前只书写字母。</translation>
    </message>
    <message>
        <source>Digits alone are written: choose letters in Model, What is written.</source>
        <translation>当前只书写数字：请在“模型”菜单的“书写内容”中选择字母。</translation>
    </message>
    <message>
        <source>Words are read without a list.</source>
        <translation>识别单词时不再对照词表。</translation>
    </message>
    <message>
        <source>Choose a word list</source>
        <translation>选择词表</translation>
    </message>
    <message>
        <source>Text, one word a line</source>
        <translation>文本，每行一个词</translation>
    </message>
    <message>
        <source>This list of words cannot be used</source>
        <translation>无法使用这个词表</translation>
    </message>
    <message>
        <source>Words are compared with {name}: {count} words.</source>
        <translation>识别单词时将对照“{name}”，共 {count} 个词。</translation>
    </message>
</context>
<context>
    <name>LineVerdict</name>
    <message>
        <source>{percent} so far</source>
        <translation>目前 {percent}</translation>
    </message>
    <message>
        <source>One of them is not read</source>
        <translation>有一个字符无法识别</translation>
    </message>
    <message>
        <source>{count} of them are not read</source>
        <translation>有 {count} 个字符无法识别</translation>
    </message>
    <message>
        <source>Sure · {percent}</source>
        <translation>很有把握 · {percent}</translation>
    </message>
    <message>
        <source>Not sure: {first} or {second}?</source>
        <translation>不确定：是 {first} 还是 {second}？</translation>
    </message>
    <message>
        <source>Not sure about the {label}</source>
        <translation>对 {label} 不太确定</translation>
    </message>
</context>
<context>
    <name>Lineage</name>
    <message>
        <source>Went back to {name}: it reads from now on.</source>
        <translation>已退回到 {name}，现在由它识别。</translation>
    </message>
    <message>
        <source>Go &amp;back to {name}</source>
        <translation>退回到 {name}(&amp;B)</translation>
    </message>
    <message>
        <source>The network is still loading.</source>
        <translation>网络仍在加载。</translation>
    </message>
    <message>
        <source>{name} was not made from another network that is here, and none was in use before it.</source>
        <translation>{name} 不是由这里的其他网络得来的，在它之前也没有用过别的网络。</translation>
    </message>
    <message>
        <source>Go back to {name}</source>
        <translation>退回到 {name}</translation>
    </message>
</context>
<context>
    <name>LineageDialog</name>
    <message>
        <source>Family tree</source>
        <translation>网络谱系</translation>
    </message>
    <message>
        <source>Each network stands below the one it was made from.</source>
        <translation>每个网络显示在其来源网络的下方。</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Use this network</source>
        <translation>使用这个网络</translation>
    </message>
    <message>
        <source>More…</source>
        <translation>更多…</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation>准确率</translation>
    </message>
    <message>
        <source>Of the pictures that it was validated with.</source>
        <translation>在验证图片上测得。</translation>
    </message>
    <message>
        <source>Writer</source>
        <translation>书写者</translation>
    </message>
    <message>
        <source>The person whose handwriting it learned.</source>
        <translation>网络学习的是谁的字迹。</translation>
    </message>
    <message>
        <source>Drawings</source>
        <translation>笔迹数</translation>
    </message>
    <message>
        <source>How many of that person's it learned from.</source>
        <translation>学习了此人的多少份笔迹。</translation>
    </message>
    <message>
        <source>Their handwriting</source>
        <translation>此人的字迹</translation>
    </message>
    <message>
        <source>That person's drawings that it reads correctly, before and after; each was read by a network that had not learned from it.</source>
        <translation>学习前后，此人的笔迹认对的比例；每一份都由没有学习过它的网络识别。</translation>
    </message>
    <message>
        <source>Everyone else's</source>
        <translation>其他人的字迹</translation>
    </message>
    <message>
        <source>Other people's digits that it reads correctly, before and after.</source>
        <translation>学习前后，其他人的数字认对的比例。</translation>
    </message>
    <message>
        <source>Made on</source>
        <translation>日期</translation>
    </message>
    <message>
        <source>Go back to the previous network</source>
        <translation>恢复上一个网络</translation>
    </message>
    <message>
        <source>Go back to {name}</source>
        <translation>退回到 {name}</translation>
    </message>
    <message>
        <source>The network in use has no parent here, and none was in use before it.</source>
        <translation>当前网络的上一代不在这里，在它之前也没有用过别的网络。</translation>
    </message>
    <message>
        <source>{before} → {after}</source>
        <translation>{before} → {after}</translation>
    </message>
    <message>
        <source>d MMM yyyy</source>
        <translation>yyyy年M月d日</translation>
    </message>
    <message>
        <source>{name} (gone)</source>
        <translation>{name}（已不在）</translation>
    </message>
    <message>
        <source>{name} (unusable)</source>
        <translation>{name}（无法使用）</translation>
    </message>
    <message>
        <source>{name} · in use</source>
        <translation>{name} · 使用中</translation>
    </message>
    <message>
        <source>Its file is no longer in the models folder; the networks made from it still name it.</source>
        <translation>它的文件已不在网络文件夹中；只有由它得来的网络还记有它的名字。</translation>
    </message>
    <message>
        <source>Ships with the app. Learned from: {data}</source>
        <translation>应用自带。学习的数据：{data}</translation>
    </message>
    <message>
        <source>Yours. Learned from: {data}</source>
        <translation>我的网络。学习的数据：{data}</translation>
    </message>
    <message>
        <source>{reason}

The network in use stays. The tree shows what there is now.</source>
        <translation>{reason}

当前网络不变。列表已更新为现有的网络。</translation>
    </message>
    <message>
        <source>This network cannot be used</source>
        <translation>无法使用这个网络</translation>
    </message>
</context>
<context>
    <name>LookButton</name>
    <message>
        <source>Log scale of the loss</source>
        <translation>损失用对数刻度</translation>
    </message>
    <message>
        <source>Ignore outliers</source>
        <translation>忽略离群点</translation>
    </message>
    <message>
        <source>The whole run</source>
        <translation>整个训练</translation>
    </message>
    <message>
        <source>The last 1000 points</source>
        <translation>最近 1000 个点</translation>
    </message>
    <message>
        <source>The last 200 points</source>
        <translation>最近 200 个点</translation>
    </message>
    <message>
        <source>Not smoothed</source>
        <translation>不平滑</translation>
    </message>
    <message>
        <source>Smoothed a little</source>
        <translation>轻微平滑</translation>
    </message>
    <message>
        <source>Smoothed</source>
        <translation>平滑</translation>
    </message>
    <message>
        <source>Smoothed a lot</source>
        <translation>强平滑</translation>
    </message>
    <message>
        <source>Show all again</source>
        <translation>恢复全部视图</translation>
    </message>
    <message>
        <source>Save as picture…</source>
        <translation>保存为图片…</translation>
    </message>
    <message>
        <source>Save the numbers…</source>
        <translation>保存数值…</translation>
    </message>
    <message>
        <source>Below the paper</source>
        <translation>放在纸面下方</translation>
    </message>
    <message>
        <source>Beside the paper</source>
        <translation>放在纸面旁边</translation>
    </message>
    <message>
        <source>In a window of its own</source>
        <translation>放在独立窗口中</translation>
    </message>
    <message>
        <source>View</source>
        <translation>视图</translation>
    </message>
    <message>
        <source>How the curves are shown</source>
        <translation>曲线的显示方式</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Your last sheet is on the paper again.</source>
        <translation>上次纸上的内容已恢复。</translation>
    </message>
    <message>
        <source>Handwrite</source>
        <translation>Handwrite</translation>
    </message>
    <message>
        <source>The sheet is not saved: {reason}</source>
        <translation>纸上的内容未能自动保存：{reason}</translation>
    </message>
</context>
<context>
    <name>Manual</name>
    <message>
        <source>What you see</source>
        <translation>你看到了什么</translation>
    </message>
    <message>
        <source>Draw on the paper with mouse, pen or finger. The answer stands beside it while the pen still moves.</source>
        <translation>用鼠标、笔或手指在纸上书写。笔还没停，旁边就会显示识别结果。</translation>
    </message>
    <message>
        <source>The ten bars are probabilities: how likely the network holds each digit. They add up to 100 %.</source>
        <translation>十个条形是概率：网络认为每个数字有多大可能。它们加起来是 100%。</translation>
    </message>
    <message>
        <source>“Sure” means 90 % or more. In amber it says between which digits it hesitates. “Not a digit” is an answer, too: a letter or a scribble gets no digit.</source>
        <translation>“很有把握”表示概率不低于 90%。琥珀色文字说明它在哪几个数字之间犹豫。“不是数字”也是一种结果：字母或涂鸦不会被当成数字。</translation>
    </message>
    <message>
        <source>The small black picture is all that the network gets: your ink, cropped, centred and shrunk to 28 × 28 pixels.</source>
        <translation>黑色的小图就是网络得到的全部信息：你的笔迹经裁剪、居中，缩小为 28 × 28 像素。</translation>
    </message>
    <message>
        <source>Is it wrong? Press the key of what it is. The drawing is kept under that label, and the next one like it is read right.</source>
        <translation>认错了？按下正确数字的键。这份笔迹会以该标签保存，下次类似的就能认对。</translation>
    </message>
    <message>
        <source>How it reads</source>
        <translation>它如何识别</translation>
    </message>
    <message>
        <source>A network is a chain of layers. The first ones look for strokes and edges in small windows, later ones for loops, corners and ends, and the last one weighs up what was found: one number for each digit.</source>
        <translation>网络由一层层组成。前面的层在小窗口里寻找笔画和边缘，后面的层寻找圈、拐角和笔画末端，最后一层综合这些发现，为每个数字给出一个数值。</translation>
    </message>
    <message>
        <source>Softmax turns these numbers z into probabilities: p(i) = e^z(i) ÷ (e^z(0) + … + e^z(9)).</source>
        <translation>Softmax 把这些数值 z 变成概率：p(i) = e^z(i) ÷ (e^z(0) + … + e^z(9))。</translation>
    </message>
    <message>
        <source>The next chapters compute what such layers do on the very picture of your drawing. The kernels there are classic ones; a network finds its own while it learns.</source>
        <translation>接下来的几章用你这份笔迹的图像来计算这些层的作用。其中的卷积核是经典的例子；网络在学习时会找到自己的卷积核。</translation>
    </message>
    <message>
        <source>Convolution</source>
        <translation>卷积</translation>
    </message>
    <message>
        <source>A convolution slides a small window of weights w (the kernel) over the picture x. Each value y of its output is the sum of nine products:</source>
        <translation>卷积把一个小的权重窗口 w（卷积核）在图像 x 上滑动。输出的每个值 y 是九个乘积之和：</translation>
    </message>
    <message>
        <source>This kernel answers to vertical edges. On your drawing it answers most at row {row}, column {column}:</source>
        <translation>这个卷积核对竖直边缘有响应。在你的笔迹上，响应最强的位置是第 {row} 行、第 {column} 列：</translation>
    </message>
    <message>
        <source>The same nine weights are used everywhere: an edge is found wherever it is, and there is little to learn.</source>
        <translation>到处使用同样的九个权重：边缘无论在哪里都能找到，需要学习的参数也很少。</translation>
    </message>
    <message>
        <source>Pooling</source>
        <translation>池化</translation>
    </message>
    <message>
        <source>Max pooling keeps the largest of every 2 × 2 pixels: 28 × 28 become 14 × 14. A stroke that lies one pixel further left gives nearly the same output.</source>
        <translation>最大池化只保留每 2 × 2 像素中最大的值：28 × 28 变成 14 × 14。笔画向左偏一个像素，输出几乎不变。</translation>
    </message>
    <message>
        <source>On your drawing, at row {row}, column {column}:</source>
        <translation>在你的笔迹上，第 {row} 行、第 {column} 列：</translation>
    </message>
    <message>
        <source>Depthwise separable convolution</source>
        <translation>深度可分离卷积</translation>
    </message>
    <message>
        <source>An ordinary convolution has a kernel for each pair of an input and an output channel. A depthwise separable one works in two steps: first one kernel for each channel (depthwise), then a weighted sum of the channels at each pixel (pointwise).</source>
        <translation>普通卷积为每一对输入和输出通道各用一个卷积核。深度可分离卷积分两步：先为每个通道用一个卷积核（逐深度），再在每个像素上对各通道加权求和（逐点）。</translation>
    </message>
    <message>
        <source>At the same place of your drawing: vertical edges {first}, horizontal edges {second}. With the weights v = (0.5, 0.5) the second step gives 0.5 · {first} + 0.5 · {second} = {sum}.</source>
        <translation>在你的笔迹的同一位置：竖直边缘 {first}，水平边缘 {second}。取权重 v = (0.5, 0.5)，第二步得到 0.5 · {first} + 0.5 · {second} = {sum}。</translation>
    </message>
    <message>
        <source>From 32 to 64 channels with 3 × 3 kernels that is {separable} weights instead of {whole}: {times} times fewer.</source>
        <translation>用 3 × 3 卷积核从 32 个通道到 64 个通道，需要 {separable} 个权重，而普通卷积要 {whole} 个：后者是前者的 {times} 倍。</translation>
    </message>
    <message>
        <source>Dilated convolution</source>
        <translation>空洞卷积</translation>
    </message>
    <message>
        <source>The same nine weights, but with gaps: with dilation d = 2 every second pixel is taken. A 3 × 3 kernel then sees {reach} × {reach} pixels, and costs nothing more.</source>
        <translation>还是这九个权重，但中间留空：扩张率 d = 2 时每隔一个像素取一个。这样 3 × 3 的卷积核能看到 {reach} × {reach} 像素，而计算量不变。</translation>
    </message>
    <message>
        <source>If it is</source>
        <translation>如果它是</translation>
    </message>
    <message>
        <source>Cross-entropy</source>
        <translation>交叉熵</translation>
    </message>
    <message>
        <source>How wrong is an answer? The loss is the negative logarithm of the probability that the right label got:</source>
        <translation>一个结果错得有多厉害？损失是正确标签所得概率的负对数：</translation>
    </message>
    <message>
        <source>For your drawing and the network's answer:</source>
        <translation>对于你的笔迹和网络的结果：</translation>
    </message>
    <message>
        <source>A sure and right answer costs next to nothing, a sure and wrong one very much. Learning means making the mean of it over all training pictures small.</source>
        <translation>有把握而且正确，损失几乎为零；有把握却错了，损失很大。学习就是让所有训练图片的平均损失变小。</translation>
    </message>
    <message>
        <source>How it learns</source>
        <translation>它如何学习</translation>
    </message>
    <message>
        <source>A training picture goes through the network, and the loss says how wrong the answer was. Its gradient says for each weight in which direction the loss falls; every weight is moved a little that way:</source>
        <translation>一张训练图片通过网络，损失说明结果错得有多厉害。损失的梯度告诉每个权重朝哪个方向损失会下降；每个权重都朝那个方向移动一点：</translation>
    </message>
    <message>
        <source>η is the learning rate. One pass through all training pictures is an epoch. Pictures that were kept apart, the validation pictures, tell how well it reads what it has never seen.</source>
        <translation>η 是学习率。把所有训练图片过一遍是一个轮次。另外留出的验证图片说明网络对从未见过的图片认得有多好。</translation>
    </message>
    <message>
        <source>Train ▸ Train a network… does it beside you, and draws the curves of loss and accuracy.</source>
        <translation>“训练 ▸ 训练网络…”在后台进行训练，并画出损失和准确率曲线。</translation>
    </message>
    <message>
        <source>Your handwriting</source>
        <translation>你的字迹</translation>
    </message>
    <message>
        <source>What you have labelled is remembered at once: the movement of your pen is compared with your own drawings. Nothing is trained for that, and one click forgets a drawing.</source>
        <translation>你标注过的笔迹会立刻被记住：笔的运动会与你自己的笔迹比较。这不需要训练，点一下就能忘掉某份笔迹。</translation>
    </message>
    <message>
        <source>Train ▸ Learn my handwriting trains a copy of the network on your drawings. You may use it only if it reads more of them right and does not forget how others write.</source>
        <translation>“训练 ▸ 学习我的字迹”用你的笔迹训练网络的一个副本。只有当它认对更多你的笔迹、又没有忘记别人的写法时，才能使用。</translation>
    </message>
    <message>
        <source>Your drawings stay on this computer. As a guest, nothing is kept.</source>
        <translation>你的笔迹只保存在这台电脑上。以访客身份书写时，什么都不保存。</translation>
    </message>
    <message>
        <source>The paper is empty: this is computed on a sample. Draw something, and open this page again.</source>
        <translation>纸上是空的：这里用示例计算。写点什么，再打开这一页。</translation>
    </message>
</context>
<context>
    <name>ManualWindow</name>
    <message>
        <source>Manual</source>
        <translation>使用手册</translation>
    </message>
    <message>
        <source>Chapters</source>
        <translation>章节</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>MemoryController</name>
    <message>
        <source>A guest writes: nothing is kept.</source>
        <translation>现在由访客书写：什么都不会保存。</translation>
    </message>
    <message>
        <source>Your drawings are used for reading from now on.</source>
        <translation>从现在起，识别时会参考你的笔迹。</translation>
    </message>
    <message>
        <source>Readings come from the network alone now.</source>
        <translation>现在只由网络识别。</translation>
    </message>
    <message>
        <source>Remembered. Draw “{label}” {count} more times, and it is read.</source>
        <translation>已记住。“{label}”再写 {count} 次就能识别。</translation>
    </message>
    <message>
        <source>Remembered. Draw “{label}” once more, and it is read.</source>
        <translation>已记住。“{label}”再写一次就能识别。</translation>
    </message>
    <message>
        <source>Remembered. One of your drawings is used.</source>
        <translation>已记住。识别时会参考你的 1 份笔迹。</translation>
    </message>
    <message>
        <source>Remembered. {used} of your drawings are used.</source>
        <translation>已记住。识别时会参考你的 {used} 份笔迹。</translation>
    </message>
    <message>
        <source>Draw your sign first, then give it a name.</source>
        <translation>请先画出符号，再给它取名。</translation>
    </message>
    <message>
        <source>A sign of your own</source>
        <translation>自己的符号</translation>
    </message>
    <message>
        <source>What is it? A short name, such as “heart”. After three drawings it is read.</source>
        <translation>这是什么？取一个简短的名字，例如“爱心”。写过三次之后就能识别。</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>The drawing is still kept.</source>
        <translation>这份笔迹仍然保留着。</translation>
    </message>
</context>
<context>
    <name>MessageBoxes</name>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>Messages</name>
    <message>
        <source>“{file}” holds no drawing.</source>
        <translation>“{file}”中没有笔迹。</translation>
    </message>
    <message>
        <source>The first drawing in “{file}” cannot be read: {reason}.</source>
        <translation>无法读取“{file}”中的第一份笔迹：{reason}。</translation>
    </message>
    <message>
        <source>The first drawing in “{file}” has no strokes.</source>
        <translation>“{file}”中的第一份笔迹没有笔画。</translation>
    </message>
    <message>
        <source>“{file}” shows nothing that looks written.</source>
        <translation>“{file}”上没有像手写的内容。</translation>
    </message>
    <message>
        <source>“{file}” is not an SVG picture.</source>
        <translation>“{file}”不是 SVG 图片。</translation>
    </message>
    <message>
        <source>The drawing cannot be made into a PNG image.</source>
        <translation>无法将笔迹转为 PNG 图片。</translation>
    </message>
    <message>
        <source>The image shows nothing that looks written.</source>
        <translation>这张图片上没有像手写的内容。</translation>
    </message>
    <message>
        <source>“{file}” cannot be read: {reason}.</source>
        <translation>无法读取“{file}”：{reason}。</translation>
    </message>
    <message>
        <source>“{file}” cannot be saved in {folder}: {reason}. Choose another folder; the drawing is still here.</source>
        <translation>无法将“{file}”保存到 {folder}：{reason}。请选择其他文件夹；笔迹仍在。</translation>
    </message>
    <message>
        <source>A drawing cannot be saved as “{file}”. Choose a name that ends in .png, .svg or .jsonl.</source>
        <translation>笔迹无法存为“{file}”。请使用以 .png、.svg 或 .jsonl 结尾的文件名。</translation>
    </message>
    <message>
        <source>A strokes file cannot hold the picture that was opened. Save the drawing as .png or .svg instead.</source>
        <translation>笔画文件存不下打开的图片。请改存为 .png 或 .svg。</translation>
    </message>
    <message>
        <source>the saved sheet is damaged</source>
        <translation>保存的纸面已损坏</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>there is no run yet whose curves could be saved</source>
        <translation>还没有可以保存曲线的训练</translation>
    </message>
    <message>
        <source>{path} could not be written</source>
        <translation>{path} 无法写入</translation>
    </message>
    <message>
        <source>The pinned drawings are not shown: {path} cannot be read ({reason})</source>
        <translation>无法显示钉住的笔迹：{path} 读取失败（{reason}）</translation>
    </message>
    <message>
        <source>The pinned drawings are not shown: their file is damaged, and was put aside as {path}</source>
        <translation>无法显示钉住的笔迹：文件已损坏，已另存为 {path}</translation>
    </message>
    <message>
        <source>An unexpected error: {error}</source>
        <translation>意外错误：{error}</translation>
    </message>
    <message>
        <source>The process that explains has ended. Your drawing is kept; ask again.</source>
        <translation>负责解释的进程已结束。笔迹没有丢失，请再试一次。</translation>
    </message>
    <message>
        <source>The process that explains could not be started: {reason}. Close other programs and ask again.</source>
        <translation>无法启动负责解释的进程：{reason}。请关闭其他程序后再试。</translation>
    </message>
    <message>
        <source>No process could be started: {reason}. Close other programs, or try again later.</source>
        <translation>无法启动进程：{reason}。请关闭其他程序，或稍后再试。</translation>
    </message>
    <message>
        <source>The process that looks into networks has ended twice. Your drawing and the network in use stay as they are.</source>
        <translation>用于查看网络内部的进程两次意外结束。纸上的内容和正在使用的网络都保持不变。</translation>
    </message>
    <message>
        <source>Reading this drawing ended the recognition process, or took too long.</source>
        <translation>识别这份笔迹时，识别进程意外结束或耗时过长。</translation>
    </message>
    <message>
        <source>Loading it ended the recognition process, or took too long. The network in use stays.</source>
        <translation>加载该网络时，识别进程意外结束或耗时过长。当前网络保持不变。</translation>
    </message>
    <message>
        <source>not {what}: {line}</source>
        <translation>不是{what}：{line}</translation>
    </message>
    <message>
        <source>the machine ran out of memory</source>
        <translation>内存不足</translation>
    </message>
    <message>
        <source>{path} is a device, not a file: name a file to write</source>
        <translation>{path} 是设备而不是文件：请指定要写入的文件</translation>
    </message>
    <message>
        <source>{path} could not be written ({reason}). Nothing was changed; check that the folder exists, may be written to, and has room.</source>
        <translation>无法写入 {path}（{reason}）。未作任何更改；请检查该文件夹是否存在、是否可写以及空间是否足够。</translation>
    </message>
    <message>
        <source>{path} is a folder: name a file in it</source>
        <translation>{path} 是文件夹：请指定其中的文件</translation>
    </message>
    <message>
        <source>{path} is a pipe, not a file: name a file to write</source>
        <translation>{path} 是管道而不是文件：请指定要写入的文件</translation>
    </message>
    <message>
        <source>{path} is a socket, not a file: name a file to write</source>
        <translation>{path} 是套接字而不是文件：请指定要写入的文件</translation>
    </message>
    <message>
        <source>Install it with: {command}</source>
        <translation>安装命令：{command}</translation>
    </message>
    <message>
        <source>Nothing can be added to this bundle: install Handwrite with pip instead, then {packages}.</source>
        <translation>此独立版无法添加软件包：请改用 pip 安装 Handwrite，再安装 {packages}。</translation>
    </message>
    <message>
        <source>no folder can be made in {folder} ({reason}). Check that it may be written to and has room, or name another one with HANDWRITE_CACHE.</source>
        <translation>无法在 {folder} 中创建文件夹（{reason}）。请检查其是否可写、空间是否足够，或用 HANDWRITE_CACHE 指定其他文件夹。</translation>
    </message>
    <message>
        <source>{name}: values from {low:g} to {high:g}, scaled to 0…255</source>
        <translation>{name}：取值 {low:g} 到 {high:g}，已换算为 0…255</translation>
    </message>
    <message>
        <source>{count:,} values</source>
        <translation>{count:,} 个值</translation>
    </message>
    <message>
        <source>{path}, line {number}: {found}; wanted are a label and the values of a square picture in each line (785 for 28×28), with or without a header</source>
        <translation>{path} 第 {number} 行：{found}；每行应为一个标签和一幅正方形图像的各像素值（28×28 时共 785 个），有无表头均可</translation>
    </message>
    <message>
        <source>{path}: {name} are {dtype} {shape}; wanted are uint8 (N, rows, columns) of at most {most} a side, 255 where there is ink, or numbers 0…1 or 0…16</source>
        <translation>{path}：{name} 是 {dtype} {shape}；应为边长不超过 {most} 的 uint8（N、行、列），笔迹处为 255，或取值 0…1、0…16 的数</translation>
    </message>
    <message>
        <source>{path} holds no line of a label and values</source>
        <translation>{path} 中没有任何由标签和像素值组成的行</translation>
    </message>
    <message>
        <source>{path} is an HDF5 file, which is not read: write its arrays with numpy.savez(FILE, pictures=…, labels=…) and name npz:FILE</source>
        <translation>{path} 是 HDF5 文件，无法读取：请用 numpy.savez(FILE, pictures=…, labels=…) 保存其中的数组，再指定 npz:FILE</translation>
    </message>
    <message>
        <source>{path} is no .npz file: write one with numpy.savez(FILE, pictures=…, labels=…).</source>
        <translation>{path} 不是 .npz 文件：请用 numpy.savez(FILE, pictures=…, labels=…) 写出。</translation>
    </message>
    <message>
        <source>{path}: the values run from {low:g} to {high:g}; wanted are 0…1, 0…16 or 0…255, high where there is ink</source>
        <translation>{path}：取值范围是 {low:g} 到 {high:g}；应为 0…1、0…16 或 0…255，笔迹处数值高</translation>
    </message>
    <message>
        <source>{path}: the pictures are mostly bright, but 255 means ink: store 255 - pictures</source>
        <translation>{path}：图像大部分是亮的，但 255 表示笔迹：请保存 255 - pictures</translation>
    </message>
    <message>
        <source>{path} cannot be read as an .npz file ({reason}): write it again with numpy.savez, without objects in it</source>
        <translation>无法将 {path} 作为 .npz 文件读取（{reason}）：请用 numpy.savez 重新保存，其中不能有对象</translation>
    </message>
    <message>
        <source>{path}: {name} are {dtype} {shape}; wanted is a text or a whole number for each of the {count:,} pictures</source>
        <translation>{path}：{name} 是 {dtype} {shape}；{count:,} 幅图像中的每一幅都应对应一段文字或一个整数</translation>
    </message>
    <message>
        <source>{path} cannot be read as CSV: {reason}</source>
        <translation>无法将 {path} 作为 CSV 读取：{reason}</translation>
    </message>
    <message>
        <source>{name}: the last value of each line is its label</source>
        <translation>{name}：每行的最后一个值是标签</translation>
    </message>
    <message>
        <source>{path} cannot be read: {reason}</source>
        <translation>无法读取 {path}：{reason}</translation>
    </message>
    <message>
        <source>{path} is no .npz file. Is it CSV? Then name csv:{path}.</source>
        <translation>{path} 不是 .npz 文件。如果它是 CSV 文件，请写作 csv:{path}。</translation>
    </message>
    <message>
        <source>{path} is no .npz file but a single array: write one with numpy.savez</source>
        <translation>{path} 不是 .npz 文件，而是单个数组：请用 numpy.savez 保存</translation>
    </message>
    <message>
        <source>{path} has {found}; wanted are pictures and labels, as of numpy.savez(FILE, pictures=…, labels=…)</source>
        <translation>{path} 中有 {found}；需要图像和标签，例如用 numpy.savez(FILE, pictures=…, labels=…) 写出</translation>
    </message>
    <message>
        <source>{count:,} values, not {wanted:,}</source>
        <translation>{count:,} 个值，应为 {wanted:,} 个</translation>
    </message>
    <message>
        <source>a value that is no number</source>
        <translation>有一个值不是数字</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>没有任何内容</translation>
    </message>
    <message>
        <source>--augmentation: {text!r} is not one of {presets}, or amounts of {amounts}, or both, like strong,noise=0.1</source>
        <translation>--augmentation：{text!r} 既不是 {presets} 之一，也不是 {amounts} 的数值；两者也可以同时给出，例如 strong,noise=0.1</translation>
    </message>
    <message>
        <source>--augmentation: {name} is from 0 to {most:g}, not {value}</source>
        <translation>--augmentation：{name} 应在 0 到 {most:g} 之间，而不是 {value}</translation>
    </message>
    <message>
        <source>{name} could not be downloaded:
{answers}</source>
        <translation>无法下载 {name}：
{answers}</translation>
    </message>
    <message>
        <source>{count:,} bytes came, but not the ones announced (checksum)</source>
        <translation>收到了 {count:,} 字节，但内容与公布的不符（校验和）</translation>
    </message>
    <message>
        <source>the connection broke ({received:,} of {total:,} bytes came)</source>
        <translation>连接中断（收到 {total:,} 字节中的 {received:,} 字节）</translation>
    </message>
    <message>
        <source>it does not end</source>
        <translation>数据没有尽头</translation>
    </message>
    <message>
        <source>the connection broke ({reason})</source>
        <translation>连接中断（{reason}）</translation>
    </message>
    <message>
        <source>{path} holds more than the {count:,} values it announces. Delete it and download it again.</source>
        <translation>{path} 中的数值多于其声明的 {count:,} 个。请将其删除并重新下载。</translation>
    </message>
    <message>
        <source>{path} holds {found:,} of the {count:,} values it announces. Delete it and download it again.</source>
        <translation>{path} 声明有 {count:,} 个数值，实际只有 {found:,} 个。请将其删除并重新下载。</translation>
    </message>
    <message>
        <source>{path} is absent</source>
        <translation>缺少 {path}</translation>
    </message>
    <message>
        <source>{path} cannot be read ({reason}). Delete it and download it again.</source>
        <translation>无法读取 {path}（{reason}）。请将其删除并重新下载。</translation>
    </message>
    <message>
        <source>{path} is no idx file of {kind}. Delete it and download it again.</source>
        <translation>{path} 不是 {kind} 的 idx 文件。请将其删除并重新下载。</translation>
    </message>
    <message>
        <source>{path} is truncated. Delete it and download it again.</source>
        <translation>{path} 不完整。请将其删除并重新下载。</translation>
    </message>
    <message>
        <source>{path} announces {count:,} values. Delete it and download it again.</source>
        <translation>{path} 声明有 {count:,} 个数值。请将其删除并重新下载。</translation>
    </message>
    <message>
        <source>{spec} has one label only, {label!r}: there is nothing to tell apart. At least two are wanted; another source can be added with +.</source>
        <translation>{spec} 只有一个标签 {label!r}，没有可以区分的内容。至少需要两个；可以用 + 添加另一个来源。</translation>
    </message>
    <message>
        <source>{spec} has {count:,} labels, more than the {most:,} that a network can have: are these labels?</source>
        <translation>{spec} 有 {count:,} 个标签，超过网络所能有的 {most:,} 个：这些真的是标签吗？</translation>
    </message>
    <message>
        <source>--validation {validation} leaves nothing of {count:,} pictures to train on</source>
        <translation>--validation {validation} 使 {count:,} 幅图像中没有剩下可供训练的</translation>
    </message>
    <message>
        <source>{names} come from the same forms: test pictures of one may be training pictures of another, so accuracies on their own test parts come out too good</source>
        <translation>{names} 来自同一批表格：其中一个的测试图像可能是另一个的训练图像，因此在它们各自测试集上的准确率会偏高</translation>
    </message>
    <message>
        <source>{path} holds no drawing that can be learned from ({notes}): {form}</source>
        <translation>{path} 中没有可供学习的笔迹（{notes}）：{form}</translation>
    </message>
    <message>
        <source>a line is {example}</source>
        <translation>每行的形式为 {example}</translation>
    </message>
    <message>
        <source>images lie in folders named after their labels, as in 3/any name.png</source>
        <translation>图像放在以标签命名的文件夹中，例如 3/1.png</translation>
    </message>
    <message>
        <source>pictures (N, rows, columns) and as many labels</source>
        <translation>需要形状为 (N, H, W) 的图像和同样多的标签</translation>
    </message>
    <message>
        <source>a label and 784 values in each line</source>
        <translation>每行需要一个标签和 784 个值</translation>
    </message>
    <message>
        <source>{path} holds too few drawings to keep some apart as a test: write more</source>
        <translation>{path} 中的笔迹太少，无法留出一部分用于测试：请多写一些</translation>
    </message>
    <message>
        <source>{path} has no {selection}: its labels are {labels}</source>
        <translation>{path} 中没有 {selection}：它的标签是 {labels}</translation>
    </message>
    <message>
        <source>{path} holds no drawing that can be learned from: {form}</source>
        <translation>{path} 中没有可供学习的笔迹：{form}</translation>
    </message>
    <message>
        <source>{one}; {other}</source>
        <translation>{one}；{other}</translation>
    </message>
    <message>
        <source>line {number}: {reason}</source>
        <translation>第 {number} 行：{reason}</translation>
    </message>
    <message>
        <source>{name}: {number:,} of {count:,} drawings left out (could not be read: {problem})</source>
        <translation>{name}：略去 {count:,} 份笔迹中的 {number:,} 份（无法读取：{problem}）</translation>
    </message>
    <message>
        <source>{name}: {number:,} of {count:,} drawings left out (without a label)</source>
        <translation>{name}：略去 {count:,} 份笔迹中的 {number:,} 份（没有标签）</translation>
    </message>
    <message>
        <source>{name}: {number:,} of {count:,} drawings left out (nothing drawn)</source>
        <translation>{name}：略去 {count:,} 份笔迹中的 {number:,} 份（没有内容）</translation>
    </message>
    <message>
        <source>{name}: preparing pictures (first time only): {count:,} so far</source>
        <translation>{name}：正在准备图片（仅第一次需要）：已完成 {count:,} 张</translation>
    </message>
    <message>
        <source>drawing {count}: the label {label!r} is blank or not printable</source>
        <translation>第 {count} 份笔迹：标签 {label!r} 为空或含有不可显示的字符</translation>
    </message>
    <message>
        <source>The pictures of {name} will be made again next time. {reason}</source>
        <translation>下次会重新生成 {name} 的图片。{reason}</translation>
    </message>
    <message>
        <source>{path} is not {title}'s: it holds {found}, not {wanted}</source>
        <translation>{path} 不是 {title} 的文件：其中是 {found}，而不是 {wanted}</translation>
    </message>
    <message>
        <source>{path} is not {title}'s: {count:,} labels from {first} to {last} are wanted</source>
        <translation>{path} 不是 {title} 的文件：应有 {count:,} 个从 {first} 到 {last} 的标签</translation>
    </message>
    <message>
        <source>{title} is not in {folder}. Name a folder that has {place} with --data or HANDWRITE_DATA, or let `handwrite-trainer train` download it.</source>
        <translation>{folder} 中没有 {title}。请用 --data 或 HANDWRITE_DATA 指定含有 {place} 的文件夹，或让 `handwrite-trainer train` 下载。</translation>
    </message>
    <message>
        <source>{path} belongs to another MNIST: its classes are not those of the pictures in {folder}. Delete it or move it away.</source>
        <translation>{path} 属于另一份 MNIST：其类别与 {folder} 中的图像不符。请将其删除或移走。</translation>
    </message>
    <message>
        <source>{path} is not QMNIST's: it holds {shape}, not {count:,} rows of 8 with a class from 0 to 9. Delete it and download it again.</source>
        <translation>{path} 不是 QMNIST 的文件：其中是 {shape}，而不是 {count:,} 行、每行 8 个数、类别为 0 到 9。请将其删除并重新下载。</translation>
    </message>
    <message>
        <source>{path} is not USPS's. Delete it and download it again.</source>
        <translation>{path} 不是 USPS 的文件。请将其删除并重新下载。</translation>
    </message>
    <message>
        <source>{path} is not USPS's or is damaged ({reason}). Delete it and download it again.</source>
        <translation>{path} 不是 USPS 的文件，或已损坏（{reason}）。请将其删除并重新下载。</translation>
    </message>
    <message>
        <source>{title} is not in {folder} and could not be downloaded.
{reason}
Connect to the internet and try again, or put {files} into {target} (another computer can download them), or name a folder that has them with --data or HANDWRITE_DATA.</source>
        <translation>{folder} 中没有 {title}，也无法下载。
{reason}
请连接互联网后重试，或将 {files} 放入 {target}（可以用另一台电脑下载），或用 --data 或 HANDWRITE_DATA 指定含有这些文件的文件夹。</translation>
    </message>
    <message>
        <source>{title} is not in {folder} and cannot be stored there.
{reason}
Another folder can be named with --data or HANDWRITE_DATA.</source>
        <translation>{folder} 中没有 {title}，也无法保存到那里。
{reason}
可以用 --data 或 HANDWRITE_DATA 指定其他文件夹。</translation>
    </message>
    <message>
        <source>Data are {names}, {kinds} (or strokes-digits:PATH, strokes-letters:PATH, strokes-characters:PATH, strokes-others:PATH, strokes-symbols:PATH and so on), or several of them joined by +, each with a weight before it if it is to count more or less: mnist+2*strokes:mine.jsonl. A + that belongs to a path is written twice.</source>
        <translation>数据可以是 {names}、{kinds}（或 strokes-digits:PATH、strokes-letters:PATH、strokes-characters:PATH、strokes-others:PATH、strokes-symbols:PATH 等），也可以用 + 连接多个，前面可加权重以增减其比重：mnist+2*strokes:mine.jsonl。路径中的 + 要写两次。</translation>
    </message>
    <message>
        <source>there is no data set named {name!r}. {grammar}</source>
        <translation>没有名为 {name!r} 的数据集。{grammar}</translation>
    </message>
    <message>
        <source>{path} does not exist: check its name and folder</source>
        <translation>{path} 不存在：请检查文件名和所在文件夹</translation>
    </message>
    <message>
        <source>{path} is no folder: folder:DIR wants one with images in it</source>
        <translation>{path} 不是文件夹：folder:DIR 需要一个放有图像的文件夹</translation>
    </message>
    <message>
        <source>{path} is a folder, {kind}:FILE wants a file: try folder:{path}</source>
        <translation>{path} 是文件夹，而 {kind}:FILE 需要文件：请试试 folder:{path}</translation>
    </message>
    <message>
        <source>{source!r}: a weight stands before, as in 0.5*{name}. {grammar}</source>
        <translation>{source!r}：权重要写在前面，例如 0.5*{name}。{grammar}</translation>
    </message>
    <message>
        <source>there is no kind of data {kind!r}: kinds are {kinds}, each also with -digits, -letters, -characters, -others or -symbols behind it. {grammar}</source>
        <translation>没有 {kind!r} 这种数据：可用的种类有 {kinds}，后面还可加 -digits、-letters、-characters、-others 或 -symbols。{grammar}</translation>
    </message>
    <message>
        <source>there is no data set named {name!r} in {spec!r}. {grammar}</source>
        <translation>{spec!r} 中的 {name!r} 不是任何数据集的名称。{grammar}</translation>
    </message>
    <message>
        <source>{spec!r} names {source} twice: give it a weight instead, as in 2*{name}. {grammar}</source>
        <translation>{spec!r} 两次指定了 {source}：请改为加权重，例如 2*{name}。{grammar}</translation>
    </message>
    <message>
        <source>{source!r}: a weight is more than 0 and at most {most:g}. {grammar}</source>
        <translation>{source!r}：权重应大于 0，且不超过 {most:g}。{grammar}</translation>
    </message>
    <message>
        <source>{source!r} names no file: {kind}:PATH is wanted. {grammar}</source>
        <translation>{source!r} 没有指定文件：应为 {kind}:PATH。{grammar}</translation>
    </message>
    <message>
        <source>{count:,} pictures are too few to divide into training and validation: more are needed, or a smaller --validation.</source>
        <translation>{count:,} 幅图像太少，无法分为训练集和验证集：需要更多图像，或更小的 --validation。</translation>
    </message>
    <message>
        <source>all {count:,} pictures are alike, or by one writer among many: none can be kept apart for validation. Different ones are needed.</source>
        <translation>{count:,} 幅图像全都一样，或都出自众多书写者中的一位：无法留出一部分用于验证。需要不同的图像。</translation>
    </message>
    <message>
        <source>one picture cannot be divided into training and validation: more are needed.</source>
        <translation>一张图像无法分成训练集和验证集：需要更多图像。</translation>
    </message>
    <message>
        <source>{device!r} is not an input device: there are {known}</source>
        <translation>{device!r} 不是输入设备：可用的有 {known}</translation>
    </message>
    <message>
        <source>{text!r} cannot be a label: 1 to {most} visible characters</source>
        <translation>{text!r} 不能用作标签：需为 1 到 {most} 个可见字符</translation>
    </message>
    <message>
        <source>{text!r} cannot be a writer's name: 1 to {most} visible characters</source>
        <translation>{text!r} 不能用作书写者姓名：需为 1 到 {most} 个可见字符</translation>
    </message>
    <message>
        <source>{path} holds no drawing that can be used (line {number}: {reason}): a line is {example}</source>
        <translation>{path} 中没有可用的笔迹（第 {number} 行：{reason}）：每行应为 {example}</translation>
    </message>
    <message>
        <source>{path} cannot hold drawings: name a file that ends in {suffixes}</source>
        <translation>{path} 不能保存笔迹：请使用以 {suffixes} 结尾的文件名</translation>
    </message>
    <message>
        <source>{path} already exists: name another file, or have it replaced (--overwrite)</source>
        <translation>{path} 已存在：请换一个文件名，或选择替换（--overwrite）</translation>
    </message>
    <message>
        <source>the drawing has no label</source>
        <translation>该笔迹没有标签</translation>
    </message>
    <message>
        <source>nothing is drawn</source>
        <translation>没有画任何内容</translation>
    </message>
    <message>
        <source>the image under its strokes cannot be read ({reason})</source>
        <translation>无法读取笔画下方的图像（{reason}）</translation>
    </message>
    <message>
        <source>{path} is being written by another window or program for too long. Nothing was changed; wait until it is done or close it, then try again.</source>
        <translation>另一个窗口或程序写入 {path} 的时间过长。未作任何更改；请等待其完成或将其关闭，然后重试。</translation>
    </message>
    <message>
        <source>there is no drawing {number}, or it was deleted</source>
        <translation>没有编号为 {number} 的笔迹，或它已被删除</translation>
    </message>
    <message>
        <source>{path} cannot be used ({reason}). Nothing was changed; try again.</source>
        <translation>无法使用 {path}（{reason}）。未作任何更改；请重试。</translation>
    </message>
    <message>
        <source>{name} has {count:,} drawings: delete them first</source>
        <translation>{name} 有 {count:,} 份笔迹：请先将其删除</translation>
    </message>
    <message>
        <source>{path} cannot be opened or written ({reason}). Nothing was changed; check that the file and its folder may be written to, or name another folder with HANDWRITE_HOME.</source>
        <translation>无法打开或写入 {path}（{reason}）。未作任何更改；请检查该文件及其文件夹是否可写，或用 HANDWRITE_HOME 指定其他文件夹。</translation>
    </message>
    <message>
        <source>{path} cannot be written ({reason}). Nothing was changed; make room on the disk, then try again.</source>
        <translation>无法写入 {path}（{reason}）。未作任何更改；请腾出磁盘空间后重试。</translation>
    </message>
    <message>
        <source>{path} is damaged ({reason}). Close all windows and open one again: the file is then kept aside and its drawings are restored.</source>
        <translation>{path} 已损坏（{reason}）。请关闭所有窗口并重新打开一个：届时该文件会另行保留，其中的笔迹会被恢复。</translation>
    </message>
    <message>
        <source>{name} has a drawing: delete it first</source>
        <translation>{name} 有一份笔迹：请先将其删除</translation>
    </message>
    <message>
        <source>{path} cannot be used ({reason}). Nothing was changed; check that its folder may be written to and has room, or name another with HANDWRITE_HOME.</source>
        <translation>无法使用 {path}（{reason}）。未作任何更改；请检查其文件夹是否可写、空间是否足够，或用 HANDWRITE_HOME 指定其他文件夹。</translation>
    </message>
    <message>
        <source>{path} cannot be read as it is: {reason}. Open your drawings in the window: the file is then repaired.</source>
        <translation>{path} 目前无法读取：{reason}。请在窗口中打开你的笔迹，届时该文件会被修复。</translation>
    </message>
    <message>
        <source>{name} was damaged: {drawings}. The damaged file is kept as {aside}; what was stored after that copy and could not be read may be missing.</source>
        <translation>{name} 已损坏：{drawings}。损坏的文件保留为 {aside}；在该备份之后保存且无法读取的内容可能缺失。</translation>
    </message>
    <message>
        <source>there are no drawings: {path} does not exist</source>
        <translation>没有笔迹：{path} 不存在</translation>
    </message>
    <message>
        <source>none of the drawings could be recovered</source>
        <translation>未能恢复任何笔迹</translation>
    </message>
    <message>
        <source>{drawings}, from the copy of {day}</source>
        <translation>{drawings}（来自 {day} 的备份）</translation>
    </message>
    <message>
        <source>{drawings}, {count:,} of them read from the damaged file itself</source>
        <translation>{drawings}，其中 {count:,} 份读自损坏的文件本身</translation>
    </message>
    <message>
        <source>{name} was missing: {drawings}.</source>
        <translation>{name} 曾缺失：{drawings}。</translation>
    </message>
    <message>
        <source>Today's copy of the drawings could not be made. {reason}</source>
        <translation>今天的笔迹备份未能完成。{reason}</translation>
    </message>
    <message>
        <source>{path} is being restored by another window: try again when it is done</source>
        <translation>另一个窗口正在恢复 {path}：请待其完成后重试</translation>
    </message>
    <message>
        <source>{path} is damaged ({fault}), and another window has it open. Close all windows and open one again: the file is then kept aside and its drawings are restored.</source>
        <translation>{path} 已损坏（{fault}），且在另一个窗口中打开。请关闭所有窗口并重新打开一个：届时该文件会另行保留，其中的笔迹会被恢复。</translation>
    </message>
    <message>
        <source>it is missing</source>
        <translation>文件缺失</translation>
    </message>
    <message>
        <source>1 drawing was recovered</source>
        <translation>已恢复 1 份笔迹</translation>
    </message>
    <message>
        <source>{count:,} drawings were recovered</source>
        <translation>已恢复 {count:,} 份笔迹</translation>
    </message>
    <message>
        <source>What was deleted long ago is still there. {reason}</source>
        <translation>很久以前删除的内容仍未清除。{reason}</translation>
    </message>
    <message>
        <source>it is damaged ({fault})</source>
        <translation>文件已损坏（{fault}）</translation>
    </message>
    <message>
        <source>it is of an older form</source>
        <translation>文件为旧版格式</translation>
    </message>
    <message>
        <source>{path} is a database of another program: move it away, or name another folder with HANDWRITE_HOME</source>
        <translation>{path} 是其他程序的数据库：请将其移走，或用 HANDWRITE_HOME 指定其他文件夹</translation>
    </message>
    <message>
        <source>{path} was written by a newer release of this program (form {version}, this one reads up to {newest}). Nothing was changed; update the program, or name another folder with HANDWRITE_HOME.</source>
        <translation>{path} 由本程序的较新版本写入（格式 {version}，本版本最多可读取 {newest}）。未作任何更改；请更新程序，或用 HANDWRITE_HOME 指定其他文件夹。</translation>
    </message>
    <message>
        <source>{path} is on a file system that cannot lock files: open only one window at a time.</source>
        <translation>{path} 所在的文件系统不支持文件锁：请一次只打开一个窗口。</translation>
    </message>
    <message>
        <source>it is empty</source>
        <translation>文件为空</translation>
    </message>
    <message>
        <source>its header is not that of a file of drawings</source>
        <translation>其文件头不属于笔迹文件</translation>
    </message>
    <message>
        <source>its bytes are not those that were stored</source>
        <translation>其字节与保存时不一致</translation>
    </message>
    <message>
        <source>it is packed in form {form}, this program reads {known}</source>
        <translation>其打包格式为 {form}，本程序读取的是 {known}</translation>
    </message>
    <message>
        <source>the image under the strokes is not uint8 (rows, columns)</source>
        <translation>笔画下方的图像不是 uint8（行、列）</translation>
    </message>
    <message>
        <source>the image under the strokes has no place on the paper</source>
        <translation>笔画下方的图像在纸上没有位置</translation>
    </message>
    <message>
        <source>its bytes are damaged ({reason})</source>
        <translation>其字节已损坏（{reason}）</translation>
    </message>
    <message>
        <source>there is no writer {name!r}. There are {known}.</source>
        <translation>没有书写者 {name!r}。现有：{known}。</translation>
    </message>
    <message>
        <source>there is no such writer any more: choose another one</source>
        <translation>该书写者已不存在：请另选一位</translation>
    </message>
    <message>
        <source>there is already a writer {name}: choose another name</source>
        <translation>已有书写者 {name}：请换一个姓名</translation>
    </message>
    <message>
        <source>{name} is the only writer: add another one first, or rename this one</source>
        <translation>{name} 是唯一的书写者：请先添加另一位，或给其改名</translation>
    </message>
    <message>
        <source>drawing {number} in {path} cannot be shown: {reason}. Delete it; the others are sound.</source>
        <translation>无法显示 {path} 中编号为 {number} 的笔迹：{reason}。请将其删除；其他笔迹完好。</translation>
    </message>
    <message>
        <source>{path} was moved, replaced or deleted while it was open. Nothing was changed; close the window and open it again.</source>
        <translation>{path} 在打开期间被移动、替换或删除。未作任何更改；请关闭窗口并重新打开。</translation>
    </message>
    <message>
        <source>{folder} holds no single answers: it was written by an earlier version, or its run goes on</source>
        <translation>{folder} 中没有逐张的识别结果：它由早期版本写成，或训练仍在进行</translation>
    </message>
    <message>
        <source>{path} cannot be read: it is damaged ({reason})</source>
        <translation>无法读取 {path}：文件已损坏（{reason}）</translation>
    </message>
    <message>
        <source>no drawing has a label that the network knows: there is nothing to evaluate. Labels come from "label" in a strokes file, or from the names of the folders that hold the images.</source>
        <translation>没有任何笔迹带有该网络认识的标签：没有可评估的内容。标签来自笔迹文件中的“label”，或图片所在文件夹的名称。</translation>
    </message>
    <message>
        <source>{path}: a report is a page; name a file that ends in .html, or a folder</source>
        <translation>{path}：报告是一个网页；请指定以 .html 结尾的文件，或一个文件夹</translation>
    </message>
    <message>
        <source>there are no pictures: there is nothing to report on</source>
        <translation>没有图片：没有可报告的内容</translation>
    </message>
    <message>
        <source>the network answers with values that are not numbers</source>
        <translation>网络的输出不是有效数值</translation>
    </message>
    <message>
        <source>no line has a string that can be read: there is nothing to evaluate. A line's string is its "label" in a strokes file, as in "label": "2026", or the name of the folder that holds the image.</source>
        <translation>没有一行带有可以识别的字符串，无法评估。一行的字符串是笔迹文件中的 "label"，例如 "label": "2026"，或者图片所在文件夹的名称。</translation>
    </message>
    <message>
        <source>--device {choice}: not one of {names}</source>
        <translation>--device {choice}：只能是 {names} 之一</translation>
    </message>
    <message>
        <source>{name}, {threads} threads</source>
        <translation>{name}，{threads} 线程</translation>
    </message>
    <message>
        <source>this build of PyTorch has no CUDA in it</source>
        <translation>此 PyTorch 版本不含 CUDA</translation>
    </message>
    <message>
        <source>Apple's graphics processor</source>
        <translation>苹果图形处理器</translation>
    </message>
    <message>
        <source>MPS needs an Apple computer</source>
        <translation>MPS 需要苹果电脑</translation>
    </message>
    <message>
        <source>{name}, 1 thread</source>
        <translation>{name}，1 线程</translation>
    </message>
    <message>
        <source>there is no CUDA on a Mac</source>
        <translation>Mac 上没有 CUDA</translation>
    </message>
    <message>
        <source>no NVIDIA card with a working driver was found</source>
        <translation>未找到驱动正常的 NVIDIA 显卡</translation>
    </message>
    <message>
        <source>this build of PyTorch has no MPS in it</source>
        <translation>此 PyTorch 版本不含 MPS</translation>
    </message>
    <message>
        <source>MPS needs macOS 12.3 or newer and an Apple processor</source>
        <translation>MPS 需要 macOS 12.3 或更新版本，以及苹果处理器</translation>
    </message>
    <message>
        <source>--device {choice}: {reason}</source>
        <translation>--device {choice}：{reason}</translation>
    </message>
    <message>
        <source>another process of this run has ended, and so does this one ({reason})</source>
        <translation>本次训练的另一个进程已结束，因此本进程也结束（{reason}）</translation>
    </message>
    <message>
        <source>there are {count} GPUs here: start no more processes than that, or take --device cpu</source>
        <translation>这里有 {count} 个 GPU：启动的进程数不要超过它，或使用 --device cpu</translation>
    </message>
    <message>
        <source>the other processes of this run cannot be reached: {reason}</source>
        <translation>无法连接本次训练的其他进程：{reason}</translation>
    </message>
    <message>
        <source>The processor is free again: going on with {threads} threads.</source>
        <translation>处理器恢复空闲：改用 {threads} 个线程继续。</translation>
    </message>
    <message>
        <source>The processor is busy with something else: going on with one thread.</source>
        <translation>处理器正忙于其他任务：改用单线程继续。</translation>
    </message>
    <message>
        <source>there is nothing to write: type a number or a word</source>
        <translation>没有要写的内容：请输入一个数字或一个词</translation>
    </message>
    <message>
        <source>{count} characters do not fit on the paper: at most {most}</source>
        <translation>纸上放不下 {count} 个字：最多 {most} 个</translation>
    </message>
    <message>
        <source>no drawing of {label} is kept, and there is no neutral one: keep some first, or write digits and letters</source>
        <translation>没有保存过 {label}，也没有它的通用字迹：请先保存几个，或者只写数字和字母</translation>
    </message>
    <message>
        <source>there is nothing to go back to: {name} was not made from another network that is still here, and none was active before it</source>
        <translation>没有可以恢复的网络：{name} 的来源网络已不在，此前也没有用过其他网络</translation>
    </message>
    <message>
        <source>another window or program is choosing a network: wait a moment and try again</source>
        <translation>另一个窗口或程序正在选择网络：请稍候再试</translation>
    </message>
    <message>
        <source>Nothing was written. Other versions of torch, onnxscript or onnxruntime may do better; the weights themselves are unharmed.</source>
        <translation>没有写入任何内容。换用其他版本的 torch、onnxscript 或 onnxruntime 可能会成功；权重本身没有受损。</translation>
    </message>
    <message>
        <source>the {format} file made of {file}</source>
        <translation>由 {file} 生成的 {format} 文件</translation>
    </message>
    <message>
        <source>--format {name}: not one of {names}</source>
        <translation>--format {name}：只能是 {names} 之一</translation>
    </message>
    <message>
        <source>{format} export needs {names}. {how}</source>
        <translation>{format} 导出需要 {names}。{how}</translation>
    </message>
    <message>
        <source>of {path} only {count} can be read; an export is checked on at least {least} drawings. Give more, or leave --drawings out: the program then makes its own.</source>
        <translation>{path} 中只有 {count} 份可以读取；导出至少要用 {least} 份笔迹核对。请提供更多，或不使用 --drawings，由程序自行生成。</translation>
    </message>
    <message>
        <source>{file} does not carry the labels and the card that it should. {advice}</source>
        <translation>{file} 没有带上应有的标签和说明。{advice}</translation>
    </message>
    <message>
        <source>{file} could not be exported to {format}: {reason}</source>
        <translation>{file} 无法导出为 {format}：{reason}</translation>
    </message>
    <message>
        <source>{file} cannot be opened: {reason}. {advice}</source>
        <translation>{file} 无法打开：{reason}。{advice}</translation>
    </message>
    <message>
        <source>{file} answers {differing} of {count} drawings otherwise than this program, {size} at a time: probabilities differ by up to {probability:.2g} (allowed: {most_probability:g}), logits by up to {logit:.2g} of the largest ({most_logit:g}). {advice}</source>
        <translation>每次 {size} 份时，{file} 对 {count} 份笔迹中的 {differing} 份给出的结果与本程序不同：概率最多相差 {probability:.2g}（允许 {most_probability:g}），logit 最多相差最大值的 {logit:.2g}（允许 {most_logit:g}）。{advice}</translation>
    </message>
    <message>
        <source>{file} does not answer {size} images at a time: {reason}. {advice}</source>
        <translation>{file} 无法一次识别 {size} 张图像：{reason}。{advice}</translation>
    </message>
    <message>
        <source>there is no mode {name!r}; choose one of: {names}</source>
        <translation>没有模式 {name!r}；请从以下选择：{names}</translation>
    </message>
    <message>
        <source>the network reads none of what the mode {mode} allows: it reads {labels}. Choose another network with --weights, or another mode.</source>
        <translation>该网络不能识别模式 {mode} 允许的任何字符：它识别 {labels}。请用 --weights 选择其他网络，或换一种模式。</translation>
    </message>
    <message>
        <source>{file} failed on {device}: {reason}</source>
        <translation>{file} 在 {device} 上运行失败：{reason}</translation>
    </message>
    <message>
        <source>{file} answers with values that are not numbers</source>
        <translation>{file} 给出的结果不是数值</translation>
    </message>
    <message>
        <source>{name!r} is no network of your own; there are: {names}. Networks that ship stay as they are.</source>
        <translation>{name!r} 不是您自己的网络；现有：{names}。随程序提供的网络不会改动。</translation>
    </message>
    <message>
        <source>there is a network {name!r} already: choose another name</source>
        <translation>已有名为 {name!r} 的网络：请换一个名称</translation>
    </message>
    <message>
        <source>{name} is the active network: choose another one first, with `models use` or `models rollback`</source>
        <translation>{name} 是正在使用的网络：请先用 `models use` 或 `models rollback` 选择另一个</translation>
    </message>
    <message>
        <source>{name} could not be renamed: {reason}</source>
        <translation>无法重命名 {name}：{reason}</translation>
    </message>
    <message>
        <source>{name} could not be read: {reason}</source>
        <translation>无法读取 {name}：{reason}</translation>
    </message>
    <message>
        <source>{name} could not be deleted: {reason}</source>
        <translation>无法删除 {name}：{reason}</translation>
    </message>
    <message>
        <source>there is no network named '{name}'; there are: {names}. A path to a .safetensors file does as well.</source>
        <translation>没有名为 '{name}' 的网络；现有：{names}。也可以给出 .safetensors 文件的路径。</translation>
    </message>
    <message>
        <source>{file} cannot be used as a network: {reason}</source>
        <translation>{file} 不能用作网络：{reason}</translation>
    </message>
    <message>
        <source>there is no weights file {path}</source>
        <translation>没有权重文件 {path}</translation>
    </message>
    <message>
        <source>'{name}' cannot be the name of a network: use letters, digits, spaces and dashes, {most} at most</source>
        <translation>'{name}' 不能用作网络名称：请使用字母、数字、空格和连字符，最多 {most} 个字符</translation>
    </message>
    <message>
        <source>no network came with this installation; name one with --weights</source>
        <translation>此安装没有附带网络；请用 --weights 指定一个</translation>
    </message>
    <message>
        <source>it is no file</source>
        <translation>它不是文件</translation>
    </message>
    <message>
        <source>{path} cannot be opened: {reason}</source>
        <translation>{path} 无法打开：{reason}</translation>
    </message>
    <message>
        <source>it is larger than 2 GB</source>
        <translation>它超过 2 GB</translation>
    </message>
    <message>
        <source>it is too short to be one</source>
        <translation>它太短，不可能是网络</translation>
    </message>
    <message>
        <source>it is truncated or no safetensors file</source>
        <translation>它不完整，或不是 safetensors 文件</translation>
    </message>
    <message>
        <source>it was trained on images of preprocessing '{found}', this program makes '{wanted}'</source>
        <translation>训练它的图像采用预处理 '{found}'，而本程序采用 '{wanted}'</translation>
    </message>
    <message>
        <source>its tensors are not those of its network ({names})</source>
        <translation>其张量与它的网络不符（{names}）</translation>
    </message>
    <message>
        <source>{name} holds values that are not finite</source>
        <translation>{name} 中有非有限的数值</translation>
    </message>
    <message>
        <source>it is no safetensors file</source>
        <translation>它不是 safetensors 文件</translation>
    </message>
    <message>
        <source>it carries no description of its network; this program cannot know what it is</source>
        <translation>其中没有网络的说明；本程序无法得知它是什么</translation>
    </message>
    <message>
        <source>{name} is {shape} {kind}, its network has {wanted_shape} {wanted_kind}</source>
        <translation>{name} 为 {shape} {kind}，而它的网络为 {wanted_shape} {wanted_kind}</translation>
    </message>
    <message>
        <source>its network cannot be built: {reason}</source>
        <translation>无法构建其网络：{reason}</translation>
    </message>
    <message>
        <source>it is damaged ({reason})</source>
        <translation>它已损坏（{reason}）</translation>
    </message>
    <message>
        <source>its description has an unusable '{name}'</source>
        <translation>其说明中的 '{name}' 无法使用</translation>
    </message>
    <message>
        <source>its description names no labels</source>
        <translation>其说明中没有标签</translation>
    </message>
    <message>
        <source>its description names {count:,} labels</source>
        <translation>其说明中有 {count:,} 个标签</translation>
    </message>
    <message>
        <source>its description names a label twice</source>
        <translation>其说明中有重复的标签</translation>
    </message>
    <message>
        <source>its description names '{label}' as a label</source>
        <translation>其说明把保留的 '{label}' 用作标签</translation>
    </message>
    <message>
        <source>its description is not a JSON object</source>
        <translation>其说明不是 JSON 对象</translation>
    </message>
    <message>
        <source>its description has the format {found}, this program reads {wanted}</source>
        <translation>其说明的格式为 {found}，本程序读取的是 {wanted}</translation>
    </message>
    <message>
        <source>its description names no architecture</source>
        <translation>其说明中没有网络结构</translation>
    </message>
    <message>
        <source>its network's argument '{name}' is out of bounds</source>
        <translation>其网络参数 '{name}' 超出范围</translation>
    </message>
    <message>
        <source>its description has an unusable metric '{name}'</source>
        <translation>其说明中的指标 '{name}' 无法使用</translation>
    </message>
    <message>
        <source>there is no network named {name!r}; choose one of: {names}</source>
        <translation>没有名为 {name!r} 的网络；可选：{names}</translation>
    </message>
    <message>
        <source>the network {name!r} does not take these arguments: {reason}</source>
        <translation>网络 {name!r} 不接受这些参数：{reason}</translation>
    </message>
    <message>
        <source>{path} is not the file that torchvision publishes ({reason}): remove it and try again, or train without it</source>
        <translation>{path} 不是 torchvision 发布的文件（{reason}）：请删除后重试，或不使用它训练</translation>
    </message>
    <message>
        <source>there are no ImageNet weights for {name!r}, only for: {names}</source>
        <translation>{name!r} 没有 ImageNet 权重，只有这些网络有：{names}</translation>
    </message>
    <message>
        <source>{url} has no checksum in its name: this version of torchvision is not supported</source>
        <translation>{url} 的名称中没有校验和：不支持此版本的 torchvision</translation>
    </message>
    <message>
        <source>ImageNet weights for {name} are not in {folder} and could not be downloaded ({reason}). Connect to the internet and try again, or fetch {url} elsewhere and put it there.</source>
        <translation>{folder} 中没有 {name} 的 ImageNet 权重，且无法下载（{reason}）。请联网后重试，或在别处下载 {url} 并放到那里。</translation>
    </message>
    <message>
        <source>{path} is not there: fetch it first, or train without it</source>
        <translation>{path} 不存在：请先下载，或不使用它训练</translation>
    </message>
    <message>
        <source>it holds no names of weights</source>
        <translation>其中没有权重的名称</translation>
    </message>
    <message>
        <source>it has no fitting {name}</source>
        <translation>其中没有匹配的 {name}</translation>
    </message>
    <message>
        <source>its SHA-256 checksum differs</source>
        <translation>其 SHA-256 校验和不符</translation>
    </message>
    <message>
        <source>the same drawing is labelled '{one}' and '{other}': correct one of them</source>
        <translation>同一份笔迹同时标为 '{one}' 和 '{other}'：请更正其中一个</translation>
    </message>
    <message>
        <source>1 drawing to learn from: at least {fewest} are needed, as some are held out to measure whether the others help</source>
        <translation>只有 1 份笔迹可供学习：至少需要 {fewest} 份，因为要留出一部分来检验其余的是否有用</translation>
    </message>
    <message>
        <source>{count} drawings to learn from: at least {fewest} are needed, as some are held out to measure whether the others help</source>
        <translation>只有 {count} 份笔迹可供学习：至少需要 {fewest} 份，因为要留出一部分来检验其余的是否有用</translation>
    </message>
    <message>
        <source>all {count:,} drawings are labelled '{label}': a network that is trained on one label learns to answer it always. Draw others, too.</source>
        <translation>全部 {count:,} 份笔迹都标为 '{label}'：只用一个标签训练的网络会总是回答它。请再写些别的。</translation>
    </message>
    <message>
        <source>fine-tuning needs steps, batches, and two folds or more</source>
        <translation>微调需要至少一步、至少一个批次，以及至少两折</translation>
    </message>
    <message>
        <source>fine-tuning needs copies, rehearsal images, layers and a weight of 0 or more</source>
        <translation>微调的副本数、复习图像数、层数和权重都不能小于 0</translation>
    </message>
    <message>
        <source>fine-tuning needs a distillation of 0 to 1 and a learning rate above 0</source>
        <translation>微调的蒸馏系数须在 0 到 1 之间，学习率须大于 0</translation>
    </message>
    <message>
        <source>It would read other writers' drawings worse: {after:.2%} instead of {before:.2%}.</source>
        <translation>它会更差地识别其他人的笔迹：{after:.2%}，原来是 {before:.2%}。</translation>
    </message>
    <message>
        <source>It would reject fewer of the drawings that are not digits: {after} of {count} instead of {before}.</source>
        <translation>它会更少地拒绝不是数字的笔迹：{count} 份中 {after} 份，原来是 {before} 份。</translation>
    </message>
    <message>
        <source>Of {count} drawings that were held out in turn it reads {after} correctly instead of {before}.</source>
        <translation>在轮流留出的 {count} 份笔迹中，它认对 {after} 份，原来是 {before} 份。</translation>
    </message>
    <message>
        <source>It reads this writer worse: {after} of {count} drawings instead of {before}.</source>
        <translation>它对这位书写者的识别变差了：{count} 份笔迹中认对 {after} 份，原来是 {before} 份。</translation>
    </message>
    <message>
        <source>It reads {after} of {count} drawings correctly, as before, with more certainty.</source>
        <translation>它和以前一样认对 {count} 份笔迹中的 {after} 份，但更有把握。</translation>
    </message>
    <message>
        <source>It reads this writer no better: {after} of {count} drawings correctly, as before.</source>
        <translation>它对这位书写者的识别没有变好：{count} 份笔迹中认对 {after} 份，和以前一样。</translation>
    </message>
    <message>
        <source>{network} has learned {writer}'s drawings already, so they cannot show whether it learns them better: personalize the network that it was made from, or another one</source>
        <translation>{network} 已经学过 {writer} 的笔迹，因此无法用它们检验它是否学得更好：请改用它的来源网络或其他网络</translation>
    </message>
    <message>
        <source>there are no images to measure what a network with these labels would forget: only networks that read digits and letters and nothing else can be personalized</source>
        <translation>没有图像可用来衡量带有这些标签的网络会遗忘什么：只有专门识别数字和字母的网络才能个性化</translation>
    </message>
    <message>
        <source>the image</source>
        <translation>该图片</translation>
    </message>
    <message>
        <source>{name} has more than {millions} million pixels: scale it down first</source>
        <translation>{name} 超过 {millions} 百万像素：请先缩小</translation>
    </message>
    <message>
        <source>{name}: the installed Pillow cannot read {suffix}. Update it (pip install --upgrade pillow), or save the image as PNG or JPEG</source>
        <translation>{name}：当前安装的 Pillow 无法读取 {suffix}。请升级 Pillow（pip install --upgrade pillow），或将图像另存为 PNG 或 JPEG</translation>
    </message>
    <message>
        <source>{name} does not exist: check its name and folder</source>
        <translation>{name} 不存在：请检查名称和所在文件夹</translation>
    </message>
    <message>
        <source>{name} may not be read: check its permissions</source>
        <translation>{name} 无法读取：请检查权限</translation>
    </message>
    <message>
        <source>{name} is a folder, not an image</source>
        <translation>{name} 是文件夹，不是图片</translation>
    </message>
    <message>
        <source>{name} is not a readable image: save it as PNG or JPEG</source>
        <translation>{name} 不是可读取的图像：请另存为 PNG 或 JPEG</translation>
    </message>
    <message>
        <source>{name} is damaged or incomplete ({reason}): save or copy it again</source>
        <translation>{name} 已损坏或不完整（{reason}）：请重新保存或复制</translation>
    </message>
    <message>
        <source>the image shows several drawings: crop it to one of them</source>
        <translation>图片中有多份笔迹：请裁剪到只剩一份</translation>
    </message>
    <message>
        <source>{name} is an SVG picture of another kind ({why}): open it in the app, or save it as PNG</source>
        <translation>{name} 是另一种 SVG 图像（{why}）：请在应用中打开，或另存为 PNG</translation>
    </message>
    <message>
        <source>{name} cannot be read: {reason}</source>
        <translation>无法读取 {name}：{reason}</translation>
    </message>
    <message>
        <source>it defines entities</source>
        <translation>其中定义了实体</translation>
    </message>
    <message>
        <source>{name} is not an SVG picture: save it again</source>
        <translation>{name} 不是 SVG 图像：请重新保存</translation>
    </message>
    <message>
        <source>no svg element</source>
        <translation>没有 svg 元素</translation>
    </message>
    <message>
        <source>it has no size</source>
        <translation>没有尺寸</translation>
    </message>
    <message>
        <source>a path with curves</source>
        <translation>含有曲线路径</translation>
    </message>
    <message>
        <source>it is larger than 20 MB</source>
        <translation>大于 20 MB</translation>
    </message>
    <message>
        <source>a picture outside the file</source>
        <translation>引用了文件之外的图片</translation>
    </message>
    <message>
        <source>a damaged picture</source>
        <translation>含有损坏的图片</translation>
    </message>
    <message>
        <source>{name}: unknown file type; can read: {suffixes}</source>
        <translation>{name}：未知的文件类型；可以读取：{suffixes}</translation>
    </message>
    <message>
        <source>{name} is a data set: `evaluate --data {name}` measures a network on it, `train --data {name}` learns from it</source>
        <translation>{name} 是数据集：用 `evaluate --data {name}` 评估网络，用 `train --data {name}` 进行训练</translation>
    </message>
    <message>
        <source>{name}: HDF5 is not read. Write its arrays with numpy.savez(FILE, pictures=…, labels=…) and name that file</source>
        <translation>{name}：无法读取 HDF5。请用 numpy.savez(FILE, pictures=…, labels=…) 保存其中的数组，再指定该文件</translation>
    </message>
    <message>
        <source>{name}: a single array has no labels. Write pictures and labels with numpy.savez(FILE, pictures=…, labels=…) and name that file</source>
        <translation>{name}：单个数组没有标签。请用 numpy.savez(FILE, pictures=…, labels=…) 保存图像和标签，再指定该文件</translation>
    </message>
    <message>
        <source>{name}: HEIC and HEIF are read where the package pillow-heif is installed; or save it as JPEG. {how}</source>
        <translation>{name}：安装 pillow-heif 后可以读取 HEIC 和 HEIF，也可以另存为 JPEG。{how}</translation>
    </message>
    <message>
        <source>{name}: {count:,} of {total:,} files are of kinds that cannot be read: {kinds}</source>
        <translation>{name}：{total:,} 个文件中有 {count:,} 个的类型无法读取：{kinds}</translation>
    </message>
    <message>
        <source>{name} is a device or a pipe, not a file</source>
        <translation>{name} 是设备或管道，不是文件</translation>
    </message>
    <message>
        <source>{name}: folders of the same name in different places are different labels: {labels}</source>
        <translation>{name}：不同位置的同名文件夹视为不同的标签：{labels}</translation>
    </message>
    <message>
        <source>{name}: folders of the same name in different places are one label: {labels}</source>
        <translation>{name}：不同位置的同名文件夹视为同一个标签：{labels}</translation>
    </message>
    <message>
        <source>{name}: folders that may not be read: {folders}</source>
        <translation>{name}：无权读取的文件夹：{folders}</translation>
    </message>
    <message>
        <source>{name}: no images or strokes</source>
        <translation>{name}：没有图像或笔画</translation>
    </message>
    <message>
        <source>not a drawing: {example} is expected</source>
        <translation>不是笔迹：应为 {example}</translation>
    </message>
    <message>
        <source>"strokes" is not a list of strokes</source>
        <translation>“strokes”不是笔画列表</translation>
    </message>
    <message>
        <source>"label" is neither a text nor a whole number</source>
        <translation>“label”既不是文本也不是整数</translation>
    </message>
    <message>
        <source>the label is blank, or has characters that cannot be seen</source>
        <translation>标签为空白，或含有不可见的字符</translation>
    </message>
    <message>
        <source>a stroke's {channel} does not have one finite number for each point</source>
        <translation>某一笔的 {channel} 没有为每个点给出一个有限的数</translation>
    </message>
    <message>
        <source>a stroke's width is not a positive number</source>
        <translation>某一笔的粗细不是正数</translation>
    </message>
    <message>
        <source>a stroke is not a list of [x, y] number pairs</source>
        <translation>某一笔不是由 [x, y] 数对组成的列表</translation>
    </message>
    <message>
        <source>a stroke has a coordinate that is missing or not finite</source>
        <translation>某一笔有缺失或非有限的坐标</translation>
    </message>
    <message>
        <source>{path} is one JSON document; one drawing per line is expected: {example}</source>
        <translation>{path} 是一整个 JSON 文档；应为每行一份笔迹：{example}</translation>
    </message>
    <message>
        <source>{path} is a folder, not a strokes file</source>
        <translation>{path} 是文件夹，不是笔画文件</translation>
    </message>
    <message>
        <source>{path} cannot be read to its end ({reason}): it is damaged or was cut</source>
        <translation>无法读完 {path}（{reason}）：文件已损坏或不完整</translation>
    </message>
    <message>
        <source>the line is not valid JSON</source>
        <translation>该行不是有效的 JSON</translation>
    </message>
    <message>
        <source>{path} is UTF-16 text: save it as UTF-8</source>
        <translation>{path} 是 UTF-16 文本：请保存为 UTF-8</translation>
    </message>
    <message>
        <source>the line holds more than {most:,} numbers</source>
        <translation>该行的数字超过 {most:,} 个</translation>
    </message>
    <message>
        <source>the line is longer than {most:,} bytes</source>
        <translation>该行超过 {most:,} 字节</translation>
    </message>
    <message>
        <source>{path} unpacks to more than {most:,} bytes: unpack it first, if it is meant to</source>
        <translation>{path} 解压后超过 {most:,} 字节：如果这是预期的，请先自行解压</translation>
    </message>
    <message>
        <source>a weight can be kept in {choices} bits, not in {bits}</source>
        <translation>每个权重可以保留 {choices} 位，不能是 {bits} 位</translation>
    </message>
    <message>
        <source>{name} must be a number from {least} to {most}, not {value}</source>
        <translation>{name} 必须是 {least} 到 {most} 之间的数，不能是 {value}</translation>
    </message>
    <message>
        <source>the network has no layer {name}; its layers are {layers}</source>
        <translation>网络没有名为 {name} 的层；它的层有：{layers}</translation>
    </message>
    <message>
        <source>layer {name} has channels 0 to {last}, not {number}</source>
        <translation>层 {name} 的通道为 0 到 {last}，没有 {number}</translation>
    </message>
    <message>
        <source>with so much damage its answers are no numbers any more</source>
        <translation>破坏太严重，网络的输出已不是有效数值</translation>
    </message>
    <message>
        <source>preview</source>
        <translation>预览</translation>
    </message>
    <message>
        <source>Training itself does not need it.</source>
        <translation>训练本身不需要它。</translation>
    </message>
    <message>
        <source>No preview: {reason}</source>
        <translation>无法预览：{reason}</translation>
    </message>
    <message>
        <source>{file} is not there any more: choose another network</source>
        <translation>{file} 已不存在：请选择其他网络</translation>
    </message>
    <message>
        <source>an unexpected error ({kind}: {reason})</source>
        <translation>意外错误（{kind}：{reason}）</translation>
    </message>
    <message>
        <source>export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Nothing was written.</source>
        <translation>没有写入任何文件。</translation>
    </message>
    <message>
        <source>was ended by {signal}</source>
        <translation>被 {signal} 终止</translation>
    </message>
    <message>
        <source>The {title} process {how}. {left}</source>
        <translation>{title}进程{how}。{left}</translation>
    </message>
    <message>
        <source>ended with exit code {code}</source>
        <translation>已结束，退出码为 {code}</translation>
    </message>
    <message>
        <source>was ended by {signal} (often: the machine ran out of memory)</source>
        <translation>被 {signal} 终止（通常是因为内存不足）</translation>
    </message>
    <message>
        <source>The {title} process {how}. {left} It said: {said}</source>
        <translation>{title}进程{how}。{left}它的输出：{said}</translation>
    </message>
    <message>
        <source>was ended by signal {number}</source>
        <translation>被信号 {number} 终止</translation>
    </message>
    <message>
        <source>{name} failed with an unexpected error ({kind}: {reason}).</source>
        <translation>{name}因意外错误而失败（{kind}：{reason}）。</translation>
    </message>
    <message>
        <source>personalization</source>
        <translation>个性化</translation>
    </message>
    <message>
        <source>The active network stays as it is, and so do your drawings.</source>
        <translation>当前网络和您的笔迹都保持不变。</translation>
    </message>
    <message>
        <source>no network is loaded</source>
        <translation>没有载入网络</translation>
    </message>
    <message>
        <source>training</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>Nothing that was in use has changed, and the best weights of the epochs before are in the run's folder.</source>
        <translation>正在使用的一切都没有改变，之前各轮的最佳权重保存在本次训练的文件夹中。</translation>
    </message>
    <message>
        <source>{flag} must be a number from {least:,} to {most:,}, not {value}</source>
        <translation>{flag} 必须是 {least:,} 到 {most:,} 之间的数，而不是 {value}</translation>
    </message>
    <message>
        <source>{flag} must be one of {choices}, not {value}</source>
        <translation>{flag} 必须是 {choices} 之一，而不是 {value}</translation>
    </message>
    <message>
        <source>{flag} must be a text, not {value}</source>
        <translation>{flag} 必须是文本，而不是 {value}</translation>
    </message>
    <message>
        <source>{flag} must be a whole number from {least:,} to {most:,}, not {value}</source>
        <translation>{flag} 必须是 {least:,} 到 {most:,} 之间的整数，而不是 {value}</translation>
    </message>
    <message>
        <source>--dropout: the network {name!r} has none</source>
        <translation>--dropout：网络 {name!r} 没有 dropout</translation>
    </message>
    <message>
        <source>--dropout must be -1 or a number from 0 to 0.95, not {value}</source>
        <translation>--dropout 必须是 -1 或 0 到 0.95 之间的数，而不是 {value}</translation>
    </message>
    <message>
        <source>training settings are not a JSON object</source>
        <translation>训练设置不是 JSON 对象</translation>
    </message>
    <message>
        <source>unknown training settings: {names}; there are: {known}</source>
        <translation>未知的训练设置：{names}；可用的有：{known}</translation>
    </message>
    <message>
        <source>{path}: holds no settings</source>
        <translation>{path}：其中没有设置</translation>
    </message>
    <message>
        <source>{path}: cannot be read ({reason})</source>
        <translation>{path}：无法读取（{reason}）</translation>
    </message>
    <message>
        <source>{path}: is neither TOML nor, under a name that ends in .json, JSON ({reason})</source>
        <translation>{path}：既不是 TOML，也不是以 .json 结尾的 JSON（{reason}）</translation>
    </message>
    <message>
        <source>{name} has no curves yet</source>
        <translation>{name} 还没有曲线</translation>
    </message>
    <message>
        <source>{path} is being written by another process: wait for its end</source>
        <translation>另一个进程正在写入 {path}：请等它结束</translation>
    </message>
    <message>
        <source>the note has {count:,} characters: {most:,} are possible</source>
        <translation>备注有 {count:,} 个字符：最多 {most:,} 个</translation>
    </message>
    <message>
        <source>the note has a character that no file can hold, at place {place}: leave it out</source>
        <translation>备注的第 {place} 个字符无法存入文件：请删去它</translation>
    </message>
    <message>
        <source>{path} could not be moved ({reason}): nothing was changed</source>
        <translation>{path} 无法移动（{reason}）：没有任何改动</translation>
    </message>
    <message>
        <source>--preset: there is no preset named {name!r}; choose one of: {names}</source>
        <translation>--preset：没有名为 {name!r} 的预设；可选：{names}</translation>
    </message>
    <message>
        <source>your drawings cannot be written for the run: {reason}</source>
        <translation>无法为这次训练写出你的手写样本：{reason}</translation>
    </message>
    <message>
        <source>there are no drawings of yours yet: draw some, and press what each is</source>
        <translation>还没有你的笔迹：请先书写几个，并标出各是什么</translation>
    </message>
    <message>
        <source>--recipe: there is no recipe named {name!r}; choose one of: {names}</source>
        <translation>--recipe：没有名为 {name!r} 的方案；可选：{names}</translation>
    </message>
    <message>
        <source>there is no run {name}, neither in {path} nor as a path. There are {names}.</source>
        <translation>没有名为 {name} 的训练，{path} 中没有，也不是一个路径。现有的训练：{names}。</translation>
    </message>
    <message>
        <source>{name} is still running: stop it first, or wait ten minutes if nothing runs any more</source>
        <translation>{name} 仍在训练：请先停止它；如果已没有训练在进行，请等待十分钟</translation>
    </message>
    <message>
        <source>{path} is not the folder of a training run: it has no {file}</source>
        <translation>{path} 不是训练文件夹：其中没有 {file}</translation>
    </message>
    <message>
        <source>the settings of the run {name} cannot be read</source>
        <translation>训练 {name} 的设置无法读取</translation>
    </message>
    <message>
        <source>no run was named: `runs list` shows their names</source>
        <translation>没有指定训练：`runs list` 会列出它们的名称</translation>
    </message>
    <message>
        <source>{name} may be any of {names}: type more of the name</source>
        <translation>{name} 可能是 {names} 中的任何一个：请输入更完整的名称</translation>
    </message>
    <message>
        <source>no run was named: name one, or `last`</source>
        <translation>没有指定训练：请给出名称，或用 `last`</translation>
    </message>
    <message>
        <source>there is no run {name}, neither in {path} nor as a path. There are no runs yet.</source>
        <translation>没有名为 {name} 的训练，{path} 中没有，也不是一个路径。目前还没有任何训练。</translation>
    </message>
    <message>
        <source>{path} is not in {runs} itself: only runs there are deleted. Delete it by hand if you mean it.</source>
        <translation>{path} 不直接位于 {runs} 中：只能删除那里的训练。如确需删除，请手动删除。</translation>
    </message>
    <message>
        <source>{name} is still running: stop it first</source>
        <translation>{name} 仍在训练：请先停止它</translation>
    </message>
    <message>
        <source>there are no runs in {path} yet: `handwrite-trainer train` makes one</source>
        <translation>{path} 中还没有任何训练：`handwrite-trainer train` 可创建一次训练</translation>
    </message>
    <message>
        <source>{path} could not be deleted ({reason}); part of it may be left</source>
        <translation>无法删除 {path}（{reason}）；可能有一部分残留</translation>
    </message>
    <message>
        <source>no folder for the run can be made in {path} ({reason}). Free the folder or name another with HANDWRITE_HOME.</source>
        <translation>无法在 {path} 中为训练创建文件夹（{reason}）。请腾出该文件夹，或用 HANDWRITE_HOME 指定另一个。</translation>
    </message>
    <message>
        <source>{path} could not be written: {reason}</source>
        <translation>无法写入 {path}：{reason}</translation>
    </message>
    <message>
        <source>there is a run {name} already: choose another --name</source>
        <translation>已有名为 {name} 的训练：请换一个 --name</translation>
    </message>
    <message>
        <source>TensorBoard's event files need the package tensorboard, which is not installed. {how} (or leave out --tensorboard)</source>
        <translation>TensorBoard 事件文件需要 tensorboard 软件包，但尚未安装。{how}（也可以不使用 --tensorboard）</translation>
    </message>
    <message>
        <source>the installed TensorBoard cannot be imported ({reason}). Install it again with `pip install --force-reinstall tensorboard`, or leave out --tensorboard.</source>
        <translation>已安装的 TensorBoard 无法导入（{reason}）。请用 `pip install --force-reinstall tensorboard` 重新安装，或不使用 --tensorboard。</translation>
    </message>
    <message>
        <source>TensorBoard's event files end here: no more can be written ({reason}).</source>
        <translation>TensorBoard 事件文件到此为止：无法继续写入（{reason}）。</translation>
    </message>
    <message>
        <source>{path} is larger than {most} MB: a list of words has one word a line</source>
        <translation>{path} 超过 {most} MB：词表应为每行一个词的文本</translation>
    </message>
    <message>
        <source>{path} holds no words: write one a line, as UTF-8 text</source>
        <translation>{path} 中没有词：请使用 UTF-8 文本，每行一个词</translation>
    </message>
    <message>
        <source>{path} cannot be read as a list of words: write one a line, as UTF-8 text</source>
        <translation>无法将 {path} 作为词表读取：请使用 UTF-8 文本，每行一个词</translation>
    </message>
    <message>
        <source>{path} cannot be resumed from: it is damaged ({reason})</source>
        <translation>无法从 {path} 继续：文件已损坏（{reason}）</translation>
    </message>
    <message>
        <source>{path} was written by another version of this program</source>
        <translation>{path} 是由本程序的另一个版本写入的</translation>
    </message>
    <message>
        <source>{path} holds no checkpoint</source>
        <translation>{path} 中没有检查点</translation>
    </message>
    <message>
        <source>{path} cannot be resumed from: {name} holds values that are not finite. Start a new run from the best weights with --start {best}</source>
        <translation>无法从 {path} 继续训练：{name} 中含有非有限数值。请用 --start {best} 从最佳权重开始新的训练</translation>
    </message>
    <message>
        <source>its header is no JSON object</source>
        <translation>其文件头不是 JSON 对象</translation>
    </message>
    <message>
        <source>the run learned from {count} pictures, here are {found}: name the same data with --data</source>
        <translation>该次训练使用了 {count} 张图片，而这里有 {found} 张：请用 --data 指定相同的数据</translation>
    </message>
    <message>
        <source>the run learned from other pictures than there are here: name the same data with --data</source>
        <translation>这次训练当初用的图片与现在的不同：请用 --data 指定相同的数据</translation>
    </message>
    <message>
        <source>{path} is not of this run's network ({reason})</source>
        <translation>{path} 与该次训练的网络不符（{reason}）</translation>
    </message>
    <message>
        <source>The frozen layers' features were computed once, in {seconds:.1f} s; images are not augmented.</source>
        <translation>冻结层的特征已一次性算好，用时 {seconds:.1f} 秒；图片不做数据增强。</translation>
    </message>
    <message>
        <source>The frozen layers' features were computed once, in {seconds:.1f} s.</source>
        <translation>冻结层的特征已一次性算好，用时 {seconds:.1f} 秒。</translation>
    </message>
    <message>
        <source>The frozen layers' features are too large to cache: they are computed at every step.</source>
        <translation>冻结层的特征过大，无法缓存：每一步都会重新计算。</translation>
    </message>
    <message>
        <source>Computing the frozen layers' features: {done:.0%}</source>
        <translation>正在计算冻结层的特征：{done:.0%}</translation>
    </message>
    <message>
        <source>{name} rejects drawings that are none of its labels: it goes on learning that from {negatives}, drawn by the program.</source>
        <translation>{name} 会拒绝不属于其标签的笔迹：继续训练时将用程序绘制的 {negatives} 保持这一能力。</translation>
    </message>
    <message>
        <source>Begins with the weights that torchvision publishes for ImageNet.</source>
        <translation>以 torchvision 发布的 ImageNet 权重为起点。</translation>
    </message>
    <message>
        <source>--layers {layers}: this network has {count} layers that can be trained</source>
        <translation>--layers {layers}：该网络可训练的层共有 {count} 个</translation>
    </message>
    <message>
        <source>{name} reads other labels: it gets a new head for {count} of them.</source>
        <translation>{name} 识别的是另一组标签：已为 {count} 个标签换上新的输出层。</translation>
    </message>
    <message>
        <source>{reason}. Training starts from random weights.</source>
        <translation>{reason}。将从随机权重开始训练。</translation>
    </message>
    <message>
        <source>{reason} Training starts from random weights.</source>
        <translation>{reason}将从随机权重开始训练。</translation>
    </message>
    <message>
        <source>The loss stopped being a number in epoch {epoch}: the optimizer's steps were too large. The best weights so far are in {path}. Try a smaller learning rate.</source>
        <translation>第 {epoch} 轮的损失已不是有效数值：优化器的步长过大。目前最好的权重在 {path}。请尝试更小的学习率。</translation>
    </message>
    <message>
        <source>The loss stopped being a number in epoch {epoch}: the optimizer's steps were too large. Try a smaller learning rate.</source>
        <translation>第 {epoch} 轮的损失已不是有效数值：优化器的步长过大。请尝试更小的学习率。</translation>
    </message>
    <message>
        <source>The {device} device ran out of memory: going on with batches of {size}, and a learning rate that fits them.</source>
        <translation>{device} 设备内存不足：改用每批 {size} 张继续，并相应调整学习率。</translation>
    </message>
    <message>
        <source>These data are not on this machine yet: they are fetched when training starts.</source>
        <translation>这些数据还不在本机：训练开始时会自动获取。</translation>
    </message>
    <message>
        <source>The run goes on, but watching it shows less: {reason}</source>
        <translation>训练继续进行，但观看时能看到的内容会减少：{reason}</translation>
    </message>
    <message>
        <source>The run goes on, but its last weights are not kept: {reason}</source>
        <translation>训练继续，但最后一轮的权重未能保存：{reason}</translation>
    </message>
    <message>
        <source>The run goes on, but it could not be resumed: {reason}</source>
        <translation>训练继续，但中断后将无法恢复：{reason}</translation>
    </message>
    <message>
        <source>The network has learned nothing: {accuracy:.2%} is what answering always the same gives. Try a smaller learning rate or more epochs.</source>
        <translation>网络什么也没学到：{accuracy:.2%} 的准确率与始终给出同一个答案相当。请尝试更小的学习率或更多轮次。</translation>
    </message>
    <message>
        <source>The report could not be written: {reason}</source>
        <translation>无法写入报告：{reason}</translation>
    </message>
    <message>
        <source>the labels {labels} of the data cannot be stored with a network: {reason}</source>
        <translation>数据的标签 {labels} 无法随网络一起保存：{reason}</translation>
    </message>
    <message>
        <source>{reason} The best weights so far are in {path}.</source>
        <translation>{reason}目前最好的权重在 {path}。</translation>
    </message>
    <message>
        <source>the run {name} is complete: {epochs} of {planned} epochs. Start a new one with `handwrite-trainer train`, from its weights with --start {weights}.</source>
        <translation>训练 {name} 已完成：{planned} 轮中的 {epochs} 轮。请用 `handwrite-trainer train` 开始新的训练；要从它的权重开始，请加上 --start {weights}。</translation>
    </message>
    <message>
        <source>The {device} device ran out of memory: try a smaller batch size.</source>
        <translation>{device} 设备内存不足：请尝试更小的批大小。</translation>
    </message>
    <message>
        <source>Computing on {device} failed: {reason}.</source>
        <translation>在 {device} 上计算失败：{reason}。</translation>
    </message>
    <message>
        <source>The network to compare with reads other labels: there is no comparison.</source>
        <translation>要比较的网络识别的是另一组标签：无法比较。</translation>
    </message>
    <message>
        <source>{folder} cannot be locked on its file system: do not resume or delete the run while it goes on.</source>
        <translation>{folder} 所在的文件系统不支持文件锁：训练进行期间，请勿继续或删除该次训练。</translation>
    </message>
    <message>
        <source>none of the {count} validation pictures shows one of the labels {labels}: give it more drawings that do</source>
        <translation>{count} 张验证图片中没有一张属于标签 {labels}：请提供更多带有这些标签的笔迹</translation>
    </message>
</context>
<context>
    <name>Mode</name>
    <message>
        <source>Loading the network…</source>
        <translation>正在加载网络…</translation>
    </message>
    <message>
        <source>Draw something first.</source>
        <translation>请先写点什么。</translation>
    </message>
    <message>
        <source>There are several characters on the paper. This explains one at a time.</source>
        <translation>纸上有多个字。这里一次只解释一个。</translation>
    </message>
    <message>
        <source>no digit</source>
        <translation>不是数字</translation>
    </message>
</context>
<context>
    <name>ModePanel</name>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Back to the reading</source>
        <translation>返回识别结果</translation>
    </message>
    <message>
        <source>Back to the reading (Esc)</source>
        <translation>返回识别结果（Esc）</translation>
    </message>
</context>
<context>
    <name>NameDialog</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>NetworkInput</name>
    <message>
        <source>The network sees</source>
        <translation>网络看到的</translation>
    </message>
    <message>
        <source>Nothing yet</source>
        <translation>暂无</translation>
    </message>
    <message>
        <source>28 by 28 pixels, white ink on black</source>
        <translation>28 × 28 像素，黑底白字</translation>
    </message>
</context>
<context>
    <name>NetworkMenu</name>
    <message>
        <source>&amp;Rename…</source>
        <translation>重命名(&amp;R)…</translation>
    </message>
    <message>
        <source>&amp;Show in its folder</source>
        <translation>在文件夹中显示(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Export…</source>
        <translation>导出(&amp;E)…</translation>
    </message>
    <message>
        <source>&amp;Delete…</source>
        <translation>删除(&amp;D)…</translation>
    </message>
    <message>
        <source>Its file is gone.</source>
        <translation>它的文件已不存在。</translation>
    </message>
    <message>
        <source>It ships with the app and stays as it is.</source>
        <translation>它随应用提供，不能改动。</translation>
    </message>
    <message>
        <source>Its file is not in the models folder.</source>
        <translation>它的文件不在网络文件夹中。</translation>
    </message>
    <message>
        <source>It is in use: choose another network first.</source>
        <translation>正在使用它：请先换用另一个网络。</translation>
    </message>
    <message>
        <source>It cannot be used.</source>
        <translation>它无法使用。</translation>
    </message>
    <message>
        <source>Rename a network</source>
        <translation>重命名网络</translation>
    </message>
    <message>
        <source>The name of the network, which is also its file's.</source>
        <translation>网络的名称，也是其文件名。</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
    <message>
        <source>The network keeps its name</source>
        <translation>网络名称未更改</translation>
    </message>
    <message>
        <source>Delete “{name}”?</source>
        <translation>删除“{name}”？</translation>
    </message>
    <message>
        <source>Its file is deleted, which cannot be undone. Networks that were made from it stay.</source>
        <translation>它的文件将被删除，且无法恢复。由它得来的网络会保留。</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>The network was not deleted</source>
        <translation>网络未删除</translation>
    </message>
    <message>
        <source>Export the network</source>
        <translation>导出网络</translation>
    </message>
    <message>
        <source>ONNX network</source>
        <translation>ONNX 网络</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>权重</translation>
    </message>
</context>
<context>
    <name>NetworkReader</name>
    <message>
        <source>Loading the network…</source>
        <translation>正在加载网络…</translation>
    </message>
</context>
<context>
    <name>Notice</name>
    <message>
        <source>Loading your drawings…</source>
        <translation>正在加载笔迹…</translation>
    </message>
    <message>
        <source>No matching drawings</source>
        <translation>没有符合条件的笔迹</translation>
    </message>
    <message>
        <source>Choose another writer, label or reading.</source>
        <translation>请选择其他书写者、标签或识别结果。</translation>
    </message>
    <message>
        <source>Show all drawings</source>
        <translation>显示全部笔迹</translation>
    </message>
    <message>
        <source>No drawings</source>
        <translation>没有笔迹</translation>
    </message>
    <message>
        <source>Draw on the paper, then press the key of its label: it is saved and shown here.</source>
        <translation>在纸上书写，再按对应的键：笔迹会保存并显示在这里。</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>导入…</translation>
    </message>
    <message>
        <source>Your drawings cannot be shown</source>
        <translation>无法显示笔迹</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
</context>
<context>
    <name>Numbers</name>
    <message>
        <source>“{text}” is not a number.</source>
        <translation>“{text}”不是数字。</translation>
    </message>
    <message>
        <source>“{text}”: write it without separators, as {whole}.</source>
        <translation>“{text}”：请不要使用分隔符，写成 {whole}。</translation>
    </message>
    <message>
        <source>“{text}” can mean {whole} or {broken}: write one of these.</source>
        <translation>“{text}”可以是 {whole}，也可以是 {broken}：请写成其中之一。</translation>
    </message>
</context>
<context>
    <name>OpenDialog</name>
    <message>
        <source>All files</source>
        <translation>所有文件</translation>
    </message>
</context>
<context>
    <name>Outcome</name>
    <message>
        <source>The new network</source>
        <translation>新网络</translation>
    </message>
    <message>
        <source>The old network stays; the new one is in the runs folder.</source>
        <translation>保留旧网络；新网络在训练记录文件夹中。</translation>
    </message>
    <message>
        <source>my {network}</source>
        <translation>我的 {network}</translation>
    </message>
    <message>
        <source>The network was not kept</source>
        <translation>新网络未能保存</translation>
    </message>
    <message>
        <source>It is still in {folder}.</source>
        <translation>它仍在 {folder} 中。</translation>
    </message>
    <message>
        <source>The new network is in use: {name}</source>
        <translation>正在使用新网络：{name}</translation>
    </message>
</context>
<context>
    <name>Overlay</name>
    <message>
        <source>loss over epochs</source>
        <translation>各轮次的损失</translation>
    </message>
    <message>
        <source>accuracy over epochs, %</source>
        <translation>各轮次的准确率（%）</translation>
    </message>
</context>
<context>
    <name>OwnData</name>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>Learn from pictures or drawings of your own</source>
        <translation>用自己的图片或笔迹来训练</translation>
    </message>
    <message>
        <source>With one folder in it for each label, as 3/name.png</source>
        <translation>其中每个标签一个子文件夹，如 3/name.png</translation>
    </message>
    <message>
        <source>Folder of pictures…</source>
        <translation>图片文件夹…</translation>
    </message>
    <message>
        <source>File…</source>
        <translation>文件…</translation>
    </message>
    <message>
        <source>Add a folder of pictures…</source>
        <translation>添加图片文件夹…</translation>
    </message>
    <message>
        <source>Add a file…</source>
        <translation>添加文件…</translation>
    </message>
    <message>
        <source>Folder of pictures</source>
        <translation>图片文件夹</translation>
    </message>
    <message>
        <source>File of pictures or drawings</source>
        <translation>图片或笔迹文件</translation>
    </message>
    <message>
        <source>Drawings, or pictures with labels</source>
        <translation>笔迹，或带标签的图片</translation>
    </message>
    <message>
        <source>{name} is no file to learn from: {endings} are.</source>
        <translation>{name} 不能用于训练：可用的文件类型有 {endings}。</translation>
    </message>
</context>
<context>
    <name>PageController</name>
    <message>
        <source>Read a page</source>
        <translation>读取整页</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Cannot read {name}</source>
        <translation>无法读取 {name}</translation>
    </message>
</context>
<context>
    <name>PageDialog</name>
    <message>
        <source>A page of writing</source>
        <translation>整页手写内容</translation>
    </message>
    <message>
        <source>The page, with a frame around each character</source>
        <translation>页面图片，每个字符都有方框</translation>
    </message>
    <message>
        <source>What was read</source>
        <translation>识别出的文本</translation>
    </message>
    <message>
        <source>Reading {name}…</source>
        <translation>正在读取 {name}…</translation>
    </message>
    <message>
        <source>Copy the text</source>
        <translation>复制文本</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>No writing was found on this page.</source>
        <translation>在这一页上没有找到手写内容。</translation>
    </message>
    <message>
        <source>Characters: {count}, lines: {lines}, unsure characters: {unsure}</source>
        <translation>{lines} 行，共 {count} 个字符，其中 {unsure} 个不确定</translation>
    </message>
    <message>
        <source>Characters: {count}, lines: {lines}</source>
        <translation>{lines} 行，共 {count} 个字符</translation>
    </message>
</context>
<context>
    <name>PageView</name>
    <message>
        <source>Opening the picture…</source>
        <translation>正在打开图片…</translation>
    </message>
    <message>
        <source>This picture cannot be shown here.</source>
        <translation>这里无法显示这张图片。</translation>
    </message>
    <message>
        <source>{label}, {percent}</source>
        <translation>{label}，{percent}</translation>
    </message>
</context>
<context>
    <name>PersonalizationDialog</name>
    <message>
        <source>It would read everyone else's letters worse: {after} instead of {before}.</source>
        <translation>它识别其他人的字母会变差：从 {before} 变为 {after}。</translation>
    </message>
    <message>
        <source>It would read everyone else's digits worse: {after} instead of {before}.</source>
        <translation>它识别其他人的数字会变差：从 {before} 变为 {after}。</translation>
    </message>
    <message>
        <source>It would accept more drawings that are neither digits nor letters.</source>
        <translation>它会把更多既不是数字也不是字母的笔迹认作字符。</translation>
    </message>
    <message>
        <source>It would accept more drawings that are not digits.</source>
        <translation>它会把更多不是数字的笔迹认作数字。</translation>
    </message>
    <message>
        <source>It would read your handwriting worse: {after} of {count} drawings instead of {before}.</source>
        <translation>它识别你的字迹会变差：{count} 份笔迹认对 {after} 份，原来是 {before} 份。</translation>
    </message>
    <message>
        <source>It reads your handwriting no better than before: {after} of {count} drawings.</source>
        <translation>它识别你的字迹没有变好：{count} 份笔迹认对 {after} 份。</translation>
    </message>
    <message>
        <source>It reads your handwriting better: {after} of {count} drawings instead of {before}.</source>
        <translation>它识别你的字迹变好了：{count} 份笔迹认对 {after} 份，原来是 {before} 份。</translation>
    </message>
    <message>
        <source>Still {after} of {count} right, with more certainty.</source>
        <translation>{count} 份中仍认对 {after} 份，但更有把握。</translation>
    </message>
    <message>
        <source>“Before” is {base}, which every personalization starts from, not {active}, which is in use.</source>
        <translation>“之前”指的是 {base}（每次学习都从它开始），而不是当前使用的 {active}。</translation>
    </message>
    <message>
        <source>before: {base}</source>
        <translation>之前：{base}</translation>
    </message>
    <message>
        <source>before</source>
        <translation>之前</translation>
    </message>
    <message>
        <source>New: “{base}”, plus {count} drawings by {writer}.</source>
        <translation>新网络：在“{base}”的基础上学习了 {writer} 的 {count} 份笔迹。</translation>
    </message>
    <message>
        <source>New: “{base}”, plus your {count} drawings.</source>
        <translation>新网络：在“{base}”的基础上学习了你的 {count} 份笔迹。</translation>
    </message>
    <message>
        <source>Each drawing was read by a network that had not learned from it; everyone else's are {others} pictures that were kept apart.</source>
        <translation>每份笔迹都由没有学习过它的网络识别；其他人的字迹是 {others} 张单独留出的图片。</translation>
    </message>
    <message>
        <source>Before and after, the other drawings were remembered, as on the paper.</source>
        <translation>微调前后都启用了对其余笔迹的记忆，与在纸上书写时一样。</translation>
    </message>
    <message>
        <source>Everyone else's digits and letters are drawn by the program, which says less than people's.</source>
        <translation>其他人的数字和字母由程序绘制，参考价值不如真人的笔迹。</translation>
    </message>
    <message>
        <source>MNIST is not on this computer: everyone else's digits are drawn by the program, which says less.</source>
        <translation>这台电脑上没有 MNIST：其他人的数字由程序绘制，参考价值较低。</translation>
    </message>
    <message>
        <source>{label} ({count})</source>
        <translation>{label}（{count}）</translation>
    </message>
    <message>
        <source>Left out, because the network does not know them: {labels}.</source>
        <translation>网络没有以下标签，相应的笔迹未用于学习：{labels}。</translation>
    </message>
    <message>
        <source>after</source>
        <translation>之后</translation>
    </message>
    <message>
        <source>Your handwriting</source>
        <translation>你的字迹</translation>
    </message>
    <message>
        <source>Everyone else's</source>
        <translation>其他人的字迹</translation>
    </message>
    <message>
        <source>{right} of {count}</source>
        <translation>{count} 份中认对 {right} 份</translation>
    </message>
    <message>
        <source>Every drawing is read as before.</source>
        <translation>每份笔迹的识别结果都与之前相同。</translation>
    </message>
    <message>
        <source>Now right: {count}</source>
        <translation>改对：{count}</translation>
    </message>
    <message>
        <source>Now wrong: {count}</source>
        <translation>改错：{count}</translation>
    </message>
    <message>
        <source>Try both on the paper</source>
        <translation>在纸上试用两者</translation>
    </message>
    <message>
        <source>Use the new network</source>
        <translation>使用新网络</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Keep the one in use</source>
        <translation>保留当前网络</translation>
    </message>
    <message>
        <source>Keep the old one</source>
        <translation>保留旧网络</translation>
    </message>
    <message>
        <source>Keep it as</source>
        <translation>保存为</translation>
    </message>
    <message>
        <source>Name of the new network</source>
        <translation>新网络的名称</translation>
    </message>
    <message>
        <source>What it learned</source>
        <translation>它学到了什么</translation>
    </message>
</context>
<context>
    <name>PersonalizationRefusal</name>
    <message>
        <source>It cannot learn from this yet</source>
        <translation>暂时还无法学习</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>The same drawing is kept as {first} and as {second}. Correct one of them in “My drawings”, then try again.</source>
        <translation>同一份笔迹既保存为 {first}，又保存为 {second}。请在“我的笔迹”中更正其中一份，然后再试。</translation>
    </message>
    <message>
        <source>All {count} drawings are of one label: {label}. A network that learns nothing else would see it everywhere. Write some of the others, too.</source>
        <translation>全部 {count} 份笔迹都是 {label}。只学习它的网络会把什么都看成它。请也写一些其他的。</translation>
    </message>
    <message>
        <source>You have not kept any drawings yet. Write some samples, or draw and press the right label: {wanted} drawings are enough to begin, three of each character are better.</source>
        <translation>你还没有保存笔迹。请书写一些样本，或者写下一个字符并按下正确的标签：{wanted} 份就可以开始，每个字符三份更好。</translation>
    </message>
    <message>
        <source>Drawings: {count}, which is too few. It needs at least {wanted}, because some are kept apart to see whether learning helps. Write some samples.</source>
        <translation>{count} 份笔迹太少。至少需要 {wanted} 份，因为要留出一部分来检验学习是否有效。请书写一些样本。</translation>
    </message>
    <message>
        <source>Left out, because the network does not know them: {labels}.</source>
        <translation>网络没有以下标签，相应的笔迹未用于学习：{labels}。</translation>
    </message>
</context>
<context>
    <name>PersonalizationSession</name>
    <message>
        <source>The network in use stays as it is.</source>
        <translation>当前网络不变。</translation>
    </message>
    <message>
        <source>A network is learning your handwriting</source>
        <translation>网络正在学习你的字迹</translation>
    </message>
    <message>
        <source>What it has learned so far would be lost.</source>
        <translation>目前学到的内容将会丢失。</translation>
    </message>
    <message>
        <source>Stop and close</source>
        <translation>停止并关闭</translation>
    </message>
    <message>
        <source>Keep learning</source>
        <translation>继续学习</translation>
    </message>
    <message>
        <source>A network has learned your handwriting</source>
        <translation>网络已学习了你的字迹</translation>
    </message>
    <message>
        <source>It is not stored yet and would be lost.</source>
        <translation>它还没有保存，将会丢失。</translation>
    </message>
    <message>
        <source>Close without it</source>
        <translation>不保存并关闭</translation>
    </message>
    <message>
        <source>Decide first</source>
        <translation>先作决定</translation>
    </message>
    <message>
        <source>The network is still loading: try again in a moment.</source>
        <translation>网络仍在载入，请稍后再试。</translation>
    </message>
    <message>
        <source>Decide first whether to use the new network.</source>
        <translation>请先决定是否使用新网络。</translation>
    </message>
    <message>
        <source>No new drawings</source>
        <translation>没有新的笔迹</translation>
    </message>
    <message>
        <source>It has learned from these {count} drawings already. With more drawings it can learn more.</source>
        <translation>它已经学习过这 {count} 份笔迹。笔迹更多，它才能学到更多。</translation>
    </message>
    <message>
        <source>Learn again</source>
        <translation>再学一次</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>It has learned your handwriting: see what came of it.</source>
        <translation>已学完你的字迹，请看结果。</translation>
    </message>
    <message>
        <source>Learning failed; the network in use stays.</source>
        <translation>学习失败；当前网络不变。</translation>
    </message>
    <message>
        <source>It could not learn your handwriting</source>
        <translation>未能学习你的字迹</translation>
    </message>
    <message>
        <source>Learning was stopped; the network in use stays.</source>
        <translation>学习已停止；当前网络不变。</translation>
    </message>
    <message>
        <source>A run is under way. Stop it first, or wait until it is over.</source>
        <translation>训练正在进行。请先停止训练，或等它结束。</translation>
    </message>
    <message>
        <source>It is learning already.</source>
        <translation>正在学习中。</translation>
    </message>
    <message>
        <source>The new network</source>
        <translation>新网络</translation>
    </message>
    <message>
        <source>The network in use stays.</source>
        <translation>当前网络不变。</translation>
    </message>
    <message>
        <source>The network was not kept</source>
        <translation>新网络未能保存</translation>
    </message>
</context>
<context>
    <name>PersonalizationStrip</name>
    <message>
        <source>Stopping…</source>
        <translation>正在停止…</translation>
    </message>
    <message>
        <source>Learning your handwriting…</source>
        <translation>正在学习你的字迹…</translation>
    </message>
    <message>
        <source>Learning from {count} drawings… {percent}</source>
        <translation>正在学习 {count} 份笔迹… {percent}</translation>
    </message>
    <message>
        <source>Progress of the learning</source>
        <translation>学习进度</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Stop learning</source>
        <translation>停止学习</translation>
    </message>
    <message>
        <source>Stop learning; the network in use stays</source>
        <translation>停止学习；当前网络不变</translation>
    </message>
</context>
<context>
    <name>PipelineMode</name>
    <message>
        <source>Draw something first.</source>
        <translation>请先写点什么。</translation>
    </message>
    <message>
        <source>Looking inside…</source>
        <translation>正在查看内部…</translation>
    </message>
</context>
<context>
    <name>PipelinePanel</name>
    <message>
        <source>of the run that is watched</source>
        <translation>正在观看的训练</translation>
    </message>
    <message>
        <source>Inside</source>
        <translation>内部</translation>
    </message>
    <message>
        <source>Your drawing, made ready</source>
        <translation>预处理</translation>
    </message>
    <message>
        <source>paper</source>
        <translation>纸面</translation>
    </message>
    <message>
        <source>cropped</source>
        <translation>裁剪</translation>
    </message>
    <message>
        <source>Cut out, shrunk so that the longer side has 20 pixels, and placed so that the centre of its ink is the centre of 28 × 28.</source>
        <translation>先裁出笔迹，把长边缩小到 20 像素，再让墨迹的重心落在 28 × 28 的中心。</translation>
    </message>
    <message>
        <source>What the first layer looks for</source>
        <translation>第一层在寻找什么</translation>
    </message>
    <message>
        <source>Its filters: bright is ink, dark is paper. Click one to lay what it finds on the paper.</source>
        <translation>它的卷积核：亮处表示墨迹，暗处表示空白。点一个，把它找到的东西叠到纸上。</translation>
    </message>
    <message>
        <source>What the layers find</source>
        <translation>各层看到了什么</translation>
    </message>
    <message>
        <source>Each square is one feature map: bright where it finds its pattern. Click one to lay it on the paper.</source>
        <translation>每个方块是一张特征图：找到对应图案的地方是亮的。点一张，把它叠到纸上。</translation>
    </message>
    <message>
        <source>The answer</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>{count} filters, {rows} × {columns}</source>
        <translation>{count} 个卷积核，{rows} × {columns}</translation>
    </message>
    <message>
        <source>Convolution {number}</source>
        <translation>卷积 {number}</translation>
    </message>
    <message>
        <source>Residual block {number}</source>
        <translation>残差块 {number}</translation>
    </message>
    <message>
        <source>Pooling {number}</source>
        <translation>池化 {number}</translation>
    </message>
    <message>
        <source>{name}: {count} maps, {rows} × {columns}</source>
        <translation>{name}：{count} 张，{rows} × {columns}</translation>
    </message>
    <message>
        <source>Show all of them</source>
        <translation>显示全部</translation>
    </message>
</context>
<context>
    <name>Plots</name>
    <message>
        <source>epoch {epoch} · loss {loss}, {accuracy} %</source>
        <translation>第 {epoch} 轮 · 损失 {loss}，{accuracy} %</translation>
    </message>
    <message>
        <source>validation: loss {loss}, {accuracy} %</source>
        <translation>验证：损失 {loss}，{accuracy} %</translation>
    </message>
    <message>
        <source>loss over epochs</source>
        <translation>各轮次的损失</translation>
    </message>
    <message>
        <source>accuracy over epochs, %</source>
        <translation>各轮次的准确率（%）</translation>
    </message>
    <message>
        <source>Show loss</source>
        <translation>显示损失</translation>
    </message>
    <message>
        <source>Show accuracy</source>
        <translation>显示准确率</translation>
    </message>
</context>
<context>
    <name>Preferences</name>
    <message>
        <source>Language and looks</source>
        <translation>语言与外观</translation>
    </message>
    <message>
        <source>Pen and fingers</source>
        <translation>笔和手指</translation>
    </message>
    <message>
        <source>Reading and data</source>
        <translation>识别与数据</translation>
    </message>
    <message>
        <source>Access</source>
        <translation>无障碍</translation>
    </message>
    <message>
        <source>Demo mode</source>
        <translation>演示模式</translation>
    </message>
    <message>
        <source>Follow the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>Left-handed layout</source>
        <translation>左手布局</translation>
    </message>
    <message>
        <source>Reading and labels stand left of the paper, where the hand does not cover them.</source>
        <translation>识别结果和标签放在纸的左边，不会被手挡住。</translation>
    </message>
    <message>
        <source>Pen width</source>
        <translation>笔宽</translation>
    </message>
    <message>
        <source>thin</source>
        <translation>细</translation>
    </message>
    <message>
        <source>broad</source>
        <translation>粗</translation>
    </message>
    <message>
        <source>Pressure</source>
        <translation>压感</translation>
    </message>
    <message>
        <source>How firmly the pen has to be pressed for a broad line.</source>
        <translation>要用多大力才能写出粗线。</translation>
    </message>
    <message>
        <source>lightly</source>
        <translation>轻</translation>
    </message>
    <message>
        <source>firmly</source>
        <translation>重</translation>
    </message>
    <message>
        <source>One width, whatever the pressure</source>
        <translation>笔宽固定，不随压力变化</translation>
    </message>
    <message>
        <source>For pens whose pressure jumps.</source>
        <translation>适合压力不稳定的笔。</translation>
    </message>
    <message>
        <source>Fingers do not draw</source>
        <translation>手指不落笔</translation>
    </message>
    <message>
        <source>Pen and mouse only.</source>
        <translation>只用笔和鼠标书写。</translation>
    </message>
    <message>
        <source>Ignore the resting hand</source>
        <translation>忽略搁在屏幕上的手</translation>
    </message>
    <message>
        <source>Fingers beside the pen, and broad contacts, draw nothing.</source>
        <translation>笔旁边的手指和大面积接触不会留下墨迹。</translation>
    </message>
    <message>
        <source>Remember my drawings when reading</source>
        <translation>识别时参考我的笔迹</translation>
    </message>
    <message>
        <source>Readings are compared with what the active writer has kept.</source>
        <translation>识别时会与当前书写者保存的笔迹比较。</translation>
    </message>
    <message>
        <source>Data folder</source>
        <translation>数据文件夹</translation>
    </message>
    <message>
        <source>Where training looks for data, from the next start on. Empty: the cache folder.</source>
        <translation>训练从这里读取数据，下次启动时生效。留空则使用缓存文件夹。</translation>
    </message>
    <message>
        <source>No program on this system speaks: install speech-dispatcher or eSpeak NG.</source>
        <translation>系统中没有语音程序：请安装 speech-dispatcher 或 eSpeak NG。</translation>
    </message>
    <message>
        <source>Less motion</source>
        <translation>减少动画</translation>
    </message>
    <message>
        <source>Bars jump to their lengths, and nothing writes by itself.</source>
        <translation>条形直接变到新长度，也不会自动书写。</translation>
    </message>
    <message>
        <source>Contrast</source>
        <translation>对比度</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更高</translation>
    </message>
    <message>
        <source>Speak the answer</source>
        <translation>朗读识别结果</translation>
    </message>
    <message>
        <source>Screen readers are told every answer, whatever is chosen here.</source>
        <translation>无论此处如何选择，屏幕阅读器都会得到每个结果。</translation>
    </message>
    <message>
        <source>The paper clears itself after</source>
        <translation>多久后清空纸面</translation>
    </message>
    <message>
        <source>Counted from when the pen rests.</source>
        <translation>从停笔时算起。</translation>
    </message>
    <message>
        <source> seconds</source>
        <translation> 秒</translation>
    </message>
    <message>
        <source>The next visitor is waited for after</source>
        <translation>多久后等待下一位参观者</translation>
    </message>
    <message>
        <source>The first language is back then, and digits write themselves.</source>
        <translation>届时恢复初始语言，并自动演示书写。</translation>
    </message>
    <message>
        <source>Input inspector</source>
        <translation>输入检查器</translation>
    </message>
    <message>
        <source>Draw on the paper with mouse, pen or finger.</source>
        <translation>用鼠标、笔或手指在纸上书写。</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>none measured</source>
        <translation>未测得</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Position</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>Pressure so far</source>
        <translation>压力范围</translation>
    </message>
    <message>
        <source>Tilt</source>
        <translation>倾斜</translation>
    </message>
    <message>
        <source>Events a second</source>
        <translation>每秒事件数</translation>
    </message>
    <message>
        <source>Pixel ratio</source>
        <translation>像素比</translation>
    </message>
    <message>
        <source>Platform</source>
        <translation>平台</translation>
    </message>
    <message>
        <source>mouse</source>
        <translation>鼠标</translation>
    </message>
    <message>
        <source>touch screen</source>
        <translation>触摸屏</translation>
    </message>
    <message>
        <source>touch pad</source>
        <translation>触摸板</translation>
    </message>
    <message>
        <source>pen</source>
        <translation>笔</translation>
    </message>
    <message>
        <source>pen's eraser</source>
        <translation>笔的橡皮端</translation>
    </message>
    <message>
        <source>Back to the default</source>
        <translation>恢复默认值</translation>
    </message>
    <message>
        <source>Back to the default: {title}</source>
        <translation>恢复默认值：{title}</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>There is no such folder.</source>
        <translation>没有这个文件夹。</translation>
    </message>
    <message>
        <source>Keys of {command}</source>
        <translation>“{command}”的快捷键</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>the label {label}</source>
        <translation>标签 {label}</translation>
    </message>
    <message>
        <source>{keys} is taken by “{owner}”.</source>
        <translation>{keys} 已用于“{owner}”。</translation>
    </message>
    <message>
        <source>{keys} alone is for labels, fields and buttons: press it with Ctrl or Alt.</source>
        <translation>单独的 {keys} 要留给标签、输入框和按钮：请与 Ctrl 或 Alt 一起按。</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Search settings</source>
        <translation>搜索设置</translation>
    </message>
    <message>
        <source>No setting has these words.</source>
        <translation>没有包含这些字词的设置。</translation>
    </message>
    <message>
        <source>Reset all…</source>
        <translation>全部重置…</translation>
    </message>
    <message>
        <source>Reset all settings?</source>
        <translation>要重置所有设置吗？</translation>
    </message>
    <message>
        <source>Every setting and every key goes back to what it was at first. Drawings and networks stay.</source>
        <translation>所有设置和快捷键都将恢复初始状态。笔迹和网络会保留。</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>重置</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>PresetBox</name>
    <message>
        <source>Preset</source>
        <translation>预设</translation>
    </message>
    <message>
        <source>Your own settings</source>
        <translation>自定义设置</translation>
    </message>
    <message>
        <source>As you set them below; a preset above sets all of them.</source>
        <translation>以下面的设置为准；选择预设会一次设好全部。</translation>
    </message>
</context>
<context>
    <name>Presets</name>
    <message>
        <source>Networks of the tutorials</source>
        <translation>教程中的网络</translation>
    </message>
    <message>
        <source>Your handwriting</source>
        <translation>你的字迹</translation>
    </message>
    <message>
        <source>Transfer</source>
        <translation>迁移学习</translation>
    </message>
    <message>
        <source>Experiments</source>
        <translation>实验</translation>
    </message>
    <message>
        <source>residual, 0.5 M parameters</source>
        <translation>残差网络，50 万个参数</translation>
    </message>
    <message>
        <source>conv 32 – pool – conv 64 – pool – fc 128: the network of the tutorials</source>
        <translation>卷积 32 – 池化 – 卷积 64 – 池化 – 全连接 128：各教程里的网络</translation>
    </message>
    <message>
        <source>conv 6 – pool – conv 16 – pool – fc 120 – 84: where it began</source>
        <translation>卷积 6 – 池化 – 卷积 16 – 池化 – 全连接 120 – 84：一切的开端</translation>
    </message>
    <message>
        <source>residual, 31 k parameters: the smallest that still reads well</source>
        <translation>残差网络，3.1 万个参数：仍能读得好的最小网络</translation>
    </message>
    <message>
        <source>residual, 0.4 M parameters: the network that ships</source>
        <translation>残差网络，42 万个参数：随程序提供的网络</translation>
    </message>
    <message>
        <source>conv 16 – 32 – 64, fc 128: learns fastest on a processor</source>
        <translation>卷积 16 – 32 – 64，全连接 128：在处理器上学得最快</translation>
    </message>
    <message>
        <source>sprint that looks twice at every size</source>
        <translation>每种尺寸看两遍的 sprint</translation>
    </message>
    <message>
        <source>sprint with first filters that are computed, not learned</source>
        <translation>sprint，首层滤波器由计算得出，不参与学习</translation>
    </message>
    <message>
        <source>cnn with fc 512 and dropout</source>
        <translation>带全连接 512 和 dropout 的 cnn</translation>
    </message>
    <message>
        <source>conv 32 – pool – conv 64 – pool – dense, valid padding</source>
        <translation>卷积 32 – 池化 – 卷积 64 – 池化 – 全连接，不填充边缘</translation>
    </message>
    <message>
        <source>depthwise separable, dilated 1 – 2 – 4: sees all with few weights</source>
        <translation>深度可分离卷积，空洞 1 – 2 – 4：权重很少却能看到全图</translation>
    </message>
    <message>
        <source>3×3 blocks 64 – 128 – 256 – 512 – 512, fc 4096, three poolings</source>
        <translation>3×3 卷积块 64 – 128 – 256 – 512 – 512，全连接 4096，三次池化</translation>
    </message>
    <message>
        <source>five convolutions 32 – 256, fc 1024 – 512</source>
        <translation>五个卷积层 32 – 256，全连接 1024 – 512</translation>
    </message>
    <message>
        <source>residual, 11 M parameters, at 64²; for transfer from ImageNet</source>
        <translation>残差网络，1100 万个参数，输入 64²；用于从 ImageNet 迁移</translation>
    </message>
    <message>
        <source>13 convolutions, 34 M parameters, at 32²; for transfer from ImageNet</source>
        <translation>13 个卷积层，3400 万个参数，输入 32²；用于从 ImageNet 迁移</translation>
    </message>
    <message>
        <source>Quick look</source>
        <translation>快速体验</translation>
    </message>
    <message>
        <source>a small network on 6,000 pictures: all of training in seconds</source>
        <translation>小型网络，6,000 张图片：几秒钟看完整个训练过程</translation>
    </message>
    <message>
        <source>Best accuracy</source>
        <translation>最高准确率</translation>
    </message>
    <message>
        <source>as the network that ships was made: several data sets, ten epochs, an hour or more</source>
        <translation>与随程序提供的网络相同的做法：多个数据集，十轮，一小时或更久</translation>
    </message>
    <message>
        <source>Letters</source>
        <translation>字母</translation>
    </message>
    <message>
        <source>digits and letters of both cases, from several data sets; an hour or more</source>
        <translation>数字和大小写字母，来自多个数据集；一小时或更久</translation>
    </message>
    <message>
        <source>Fine-tune on my drawings</source>
        <translation>用我的笔迹微调</translation>
    </message>
    <message>
        <source>the network that ships goes on learning, from your drawings and MNIST</source>
        <translation>随程序提供的网络用你的笔迹和 MNIST 继续学习</translation>
    </message>
    <message>
        <source>Transfer from VGG16</source>
        <translation>从 VGG16 迁移</translation>
    </message>
    <message>
        <source>what was learned on ImageNet's photographs stays; the last layer learns digits</source>
        <translation>保留在 ImageNet 照片上学到的内容，只让最后一层学习数字</translation>
    </message>
    <message>
        <source>Transfer from ResNet-18</source>
        <translation>从 ResNet-18 迁移</translation>
    </message>
    <message>
        <source>1,000 pictures, 25 times</source>
        <translation>1,000 张图片，看 25 遍</translation>
    </message>
    <message>
        <source>so few that the network can learn them by heart</source>
        <translation>少到网络可以全部背下来</translation>
    </message>
    <message>
        <source>10,000 pictures, 5 times</source>
        <translation>10,000 张图片，看 5 遍</translation>
    </message>
    <message>
        <source>twice the work, ten times the pictures</source>
        <translation>两倍的计算量，十倍的图片</translation>
    </message>
    <message>
        <source>Pictures as they are</source>
        <translation>原样的图片</translation>
    </message>
    <message>
        <source>upright digits, always in the same place</source>
        <translation>端正的数字，总在同一位置</translation>
    </message>
    <message>
        <source>Pictures turned a little</source>
        <translation>稍加旋转的图片</translation>
    </message>
    <message>
        <source>each time it is met, a digit is turned, sheared and shifted another way</source>
        <translation>每次遇到，数字都以不同方式旋转、倾斜和平移</translation>
    </message>
    <message>
        <source>MNIST alone</source>
        <translation>只用 MNIST</translation>
    </message>
    <message>
        <source>American digits: a 1 is one stroke</source>
        <translation>美国人的数字：1 只有一笔</translation>
    </message>
    <message>
        <source>MNIST, and drawn strokes</source>
        <translation>MNIST 加绘制的笔画</translation>
    </message>
    <message>
        <source>the program draws digits as other countries write them, too</source>
        <translation>程序也绘制其他国家写法的数字</translation>
    </message>
    <message>
        <source>Softmax once</source>
        <translation>一次 softmax</translation>
    </message>
    <message>
        <source>the loss applies softmax to the network's outputs, as it should</source>
        <translation>由损失函数对网络输出应用 softmax，本该如此</translation>
    </message>
    <message>
        <source>Softmax twice</source>
        <translation>两次 softmax</translation>
    </message>
    <message>
        <source>the mistake: the network applies softmax, and the loss applies it again</source>
        <translation>错误做法：网络应用一次，损失函数又应用一次</translation>
    </message>
    <message>
        <source>Small: dsdcnn</source>
        <translation>小：dsdcnn</translation>
    </message>
    <message>
        <source>separable convolutions: few weights that see the whole picture</source>
        <translation>可分离卷积：权重很少，却能看到整张图片</translation>
    </message>
    <message>
        <source>Large: vgg-small</source>
        <translation>大：vgg-small</translation>
    </message>
    <message>
        <source>many weights in plain layers</source>
        <translation>普通的层，大量的权重</translation>
    </message>
</context>
<context>
    <name>ProbabilityBars</name>
    <message>
        <source>No reading</source>
        <translation>无识别结果</translation>
    </message>
    <message>
        <source>Probabilities</source>
        <translation>概率</translation>
    </message>
</context>
<context>
    <name>ReadingController</name>
    <message>
        <source>Opening {name}…</source>
        <translation>正在打开 {name}…</translation>
    </message>
    <message>
        <source>Loading the network…</source>
        <translation>正在加载网络…</translation>
    </message>
    <message>
        <source>Starting again…</source>
        <translation>正在重新启动…</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>正在识别…</translation>
    </message>
</context>
<context>
    <name>ReadingPanel</name>
    <message>
        <source>Nothing drawn yet</source>
        <translation>尚未书写</translation>
    </message>
    <message>
        <source>Too little to read</source>
        <translation>笔迹太少，无法识别</translation>
    </message>
    <message>
        <source>No reading</source>
        <translation>无法识别</translation>
    </message>
    <message>
        <source>Reading</source>
        <translation>识别结果</translation>
    </message>
    <message>
        <source>Start over</source>
        <translation>重新写</translation>
    </message>
    <message>
        <source>The network sees</source>
        <translation>网络看到的</translation>
    </message>
    <message>
        <source>Your drawing, cropped, centred and shrunk to 28 × 28 pixels</source>
        <translation>笔迹经裁剪、居中，缩小为 28 × 28 像素</translation>
    </message>
</context>
<context>
    <name>RecognitionWorker</name>
    <message>
        <source>The recognition process had ended and was started again.</source>
        <translation>识别进程意外结束，已重新启动。</translation>
    </message>
    <message>
        <source>The recognition process did not answer and was started again.</source>
        <translation>识别进程没有响应，已重新启动。</translation>
    </message>
    <message>
        <source>No recognition process could be started: {reason}. Your drawing is kept; close other programs, and choose Model, Restart recognition.</source>
        <translation>无法启动识别进程：{reason}。笔迹没有丢失；请关闭其他程序，然后选择“模型”&gt;“重新启动识别”。</translation>
    </message>
    <message>
        <source>The recognition process ended several times. Your drawing is kept; choose another network or device, or Model, Restart recognition.</source>
        <translation>识别进程多次意外结束。笔迹没有丢失；请选择其他网络或设备，或选择“模型”&gt;“重新启动识别”。</translation>
    </message>
</context>
<context>
    <name>Remarks</name>
    <message>
        <source>two drawings?</source>
        <translation>两个字？</translation>
    </message>
    <message>
        <source>touches the edge</source>
        <translation>碰到纸边</translation>
    </message>
    <message>
        <source>very small</source>
        <translation>很小</translation>
    </message>
    <message>
        <source>very thin</source>
        <translation>很细</translation>
    </message>
    <message>
        <source>very thick</source>
        <translation>很粗</translation>
    </message>
</context>
<context>
    <name>RememberedCard</name>
    <message>
        <source>Removed from My drawings</source>
        <translation>已从“我的笔迹”中移除</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Keep this drawing again</source>
        <translation>重新保留这份笔迹</translation>
    </message>
    <message>
        <source>Forget it</source>
        <translation>忘掉它</translation>
    </message>
    <message>
        <source>Remove this drawing from My drawings</source>
        <translation>从“我的笔迹”中移除这份笔迹</translation>
    </message>
    <message>
        <source>like your {label} of today</source>
        <translation>像你今天写的 {label}</translation>
    </message>
    <message>
        <source>like your {label} of {day}</source>
        <translation>像你 {day} 写的 {label}</translation>
    </message>
</context>
<context>
    <name>ReplayMode</name>
    <message>
        <source>Draw something first.</source>
        <translation>请先写点什么。</translation>
    </message>
    <message>
        <source>A picture has no strokes that could be played back.</source>
        <translation>图片没有笔画，无法回放。</translation>
    </message>
    <message>
        <source>Reading it moment by moment…</source>
        <translation>正在逐刻识别…</translation>
    </message>
</context>
<context>
    <name>ReplayPanel</name>
    <message>
        <source>This drawing has no times: it is played at an even speed.</source>
        <translation>这个笔迹没有时间信息，按匀速播放。</translation>
    </message>
    <message>
        <source>Replay</source>
        <translation>回放</translation>
    </message>
    <message>
        <source>Play or pause (Space)</source>
        <translation>播放或暂停（空格）</translation>
    </message>
    <message>
        <source>Play or pause</source>
        <translation>播放或暂停</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Probabilities over time</source>
        <translation>概率随时间的变化</translation>
    </message>
    <message>
        <source>Where it changed its mind</source>
        <translation>它在哪里改变了主意</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>无</translation>
    </message>
    <message>
        <source>{seconds} s: {before} → {after}</source>
        <translation>{seconds} 秒：{before} → {after}</translation>
    </message>
    <message>
        <source>nothing to read yet</source>
        <translation>还没有可识别的内容</translation>
    </message>
    <message>
        <source>not a digit</source>
        <translation>不是数字</translation>
    </message>
</context>
<context>
    <name>ReportWindow</name>
    <message>
        <source>{label}, read as {answer} ({percent}); validation picture {place}</source>
        <translation>{label}，认成 {answer}（{percent}）；验证图片 {place}</translation>
    </message>
    <message>
        <source>Calibration: on average off by {percent}</source>
        <translation>校准：平均偏差 {percent}</translation>
    </message>
    <message>
        <source>how sure it says it is, %</source>
        <translation>网络自认的把握，%</translation>
    </message>
    <message>
        <source>how often it is right, %</source>
        <translation>实际认对的比例，%</translation>
    </message>
    <message>
        <source>The least sure answers are held back</source>
        <translation>不给出最没把握的答案</translation>
    </message>
    <message>
        <source>pictures without an answer, %</source>
        <translation>不给答案的图片，%</translation>
    </message>
    <message>
        <source>right among the rest, %</source>
        <translation>其余图片中认对的，%</translation>
    </message>
    <message>
        <source>There are no pictures of anything else in this run's data: how well it rejects what is no digit is not known.</source>
        <translation>这次训练的数据中没有其他内容的图片：无法知道它拒识非数字的能力。</translation>
    </message>
    <message>
        <source>What shows none of its classes</source>
        <translation>不属于任何类别的图片</translation>
    </message>
    <message>
        <source>of these, answered all the same, %</source>
        <translation>其中仍给出答案的，%</translation>
    </message>
    <message>
        <source>of the others, answered right, %</source>
        <translation>其余图片中认对的，%</translation>
    </message>
    <message>
        <source>{right} answered right where {wrong} of the rest is answered, too</source>
        <translation>当不属于任何类别的图片有 {wrong} 仍得到答案时，其余图片认对 {right}</translation>
    </message>
    <message>
        <source>Now right: {count} (before: {percent} right; what was read then is in the corner)</source>
        <translation>现在认对：{count} 张（之前认对 {percent}；角上是当时的答案）</translation>
    </message>
    <message>
        <source>Now wrong: {count}</source>
        <translation>现在认错：{count} 张</translation>
    </message>
    <message>
        <source>Report: {name}</source>
        <translation>报告：{name}</translation>
    </message>
    <message>
        <source>{percent} right of {count} validation pictures</source>
        <translation>{count} 张验证图片中认对 {percent}</translation>
    </message>
    <message>
        <source>Confusions</source>
        <translation>混淆</translation>
    </message>
    <message>
        <source>Classes</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>Worst pictures</source>
        <translation>最差图片</translation>
    </message>
    <message>
        <source>Calibration</source>
        <translation>校准</translation>
    </message>
    <message>
        <source>Rejection</source>
        <translation>拒识</translation>
    </message>
    <message>
        <source>Before and after</source>
        <translation>前后对比</translation>
    </message>
    <message>
        <source>Open as a page</source>
        <translation>以网页打开</translation>
    </message>
    <message>
        <source>Export as ONNX…</source>
        <translation>导出为 ONNX…</translation>
    </message>
    <message>
        <source>Discard the run…</source>
        <translation>丢弃这次训练…</translation>
    </message>
    <message>
        <source>Use this network</source>
        <translation>使用这个网络</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Confusion matrix: rows are what was written</source>
        <translation>混淆矩阵：行是实际写的内容</translation>
    </message>
    <message>
        <source>Pictures of the cell</source>
        <translation>该格的图片</translation>
    </message>
    <message>
        <source>Pictures that are right now</source>
        <translation>现在认对的图片</translation>
    </message>
    <message>
        <source>Pictures that are wrong now</source>
        <translation>现在认错的图片</translation>
    </message>
</context>
<context>
    <name>Reports</name>
    <message>
        <source>There is no run with a report yet. Train a network first.</source>
        <translation>还没有带报告的训练。请先训练一个网络。</translation>
    </message>
    <message>
        <source>There is no report to show</source>
        <translation>没有可显示的报告</translation>
    </message>
    <message>
        <source>{name} is in use.</source>
        <translation>正在使用 {name}。</translation>
    </message>
    <message>
        <source>The network was not kept</source>
        <translation>网络未能保存</translation>
    </message>
    <message>
        <source>Export the network</source>
        <translation>导出网络</translation>
    </message>
    <message>
        <source>ONNX network</source>
        <translation>ONNX 网络</translation>
    </message>
    <message>
        <source>Exporting, and checking the file…</source>
        <translation>正在导出并检查文件…</translation>
    </message>
    <message>
        <source>{name} is written; it answers {count} drawings as this program does.</source>
        <translation>已写入 {name}；它对 {count} 份笔迹的识别结果与本程序一致。</translation>
    </message>
    <message>
        <source>The page could not be opened: {path}</source>
        <translation>无法打开网页：{path}</translation>
    </message>
</context>
<context>
    <name>ResultBar</name>
    <message>
        <source>Report…</source>
        <translation>报告…</translation>
    </message>
    <message>
        <source>Compare…</source>
        <translation>比较…</translation>
    </message>
    <message>
        <source>Use it</source>
        <translation>使用它</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Keep the old one</source>
        <translation>保留旧网络</translation>
    </message>
</context>
<context>
    <name>Review</name>
    <message>
        <source>Review</source>
        <translation>概览</translation>
    </message>
    <message>
        <source>A batch of training pictures</source>
        <translation>一批训练图片</translation>
    </message>
    <message>
        <source>layer</source>
        <translation>层</translation>
    </message>
    <message>
        <source>output</source>
        <translation>输出</translation>
    </message>
    <message>
        <source>parameters</source>
        <translation>参数</translation>
    </message>
    <message>
        <source>sees</source>
        <translation>视野</translation>
    </message>
    <message>
        <source>Side of the square of pixels that one place of its output depends on</source>
        <translation>输出中的一个位置所依赖的像素方块的边长（感受野）</translation>
    </message>
    <message>
        <source>{network}: {about}; {count} parameters</source>
        <translation>{network}：{about}；{count} 个参数</translation>
    </message>
    <message>
        <source>as many epochs as fit into {minutes} min</source>
        <translation>{minutes} 分钟内能完成的轮数</translation>
    </message>
    <message>
        <source>1 epoch</source>
        <translation>1 轮</translation>
    </message>
    <message>
        <source>{count} epochs</source>
        <translation>{count} 轮</translation>
    </message>
    <message>
        <source>{data} · {length} · batches of {size} · {optimizer}</source>
        <translation>{data} · {length} · 每批 {size} 张 · {optimizer}</translation>
    </message>
    <message>
        <source>{training} pictures to learn from, {validation} to validate with. Each pair: as it is, and as the network gets it.</source>
        <translation>{training} 张用于学习，{validation} 张用于验证。每一对：左为原图，右为网络看到的样子。</translation>
    </message>
    <message>
        <source>Time: {time}</source>
        <translation>时间：{time}</translation>
    </message>
    <message>
        <source>About {time}, as fast as the last run of it</source>
        <translation>约 {time}，按该网络上次训练的速度</translation>
    </message>
    <message>
        <source>About {time}, by a short measurement</source>
        <translation>约 {time}，根据短时测量</translation>
    </message>
</context>
<context>
    <name>RunFacts</name>
    <message>
        <source>epoch {epoch} of {epochs} · {rate} images/s · {time} · {left} left</source>
        <translation>第 {epoch} / {epochs} 轮 · 每秒 {rate} 张 · 已用 {time} · 还需 {left}</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>paused after step {step} of {steps} · loss {loss}</source>
        <translation>已暂停：第 {step} / {steps} 步 · 损失 {loss}</translation>
    </message>
    <message>
        <source>learning rate {rate}</source>
        <translation>学习率 {rate}</translation>
    </message>
    <message>
        <source>patience {count} of {most}</source>
        <translation>耐心 {count} / {most}</translation>
    </message>
    <message>
        <source>1 thread</source>
        <translation>1 个线程</translation>
    </message>
    <message>
        <source>{count} threads</source>
        <translation>{count} 个线程</translation>
    </message>
</context>
<context>
    <name>RunTable</name>
    <message>
        <source>Run</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>数据</translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation>准确率</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>Epochs</source>
        <translation>轮次</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>finished</source>
        <translation>已完成</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>running</source>
        <translation>进行中</translation>
    </message>
    <message>
        <source>broken off</source>
        <translation>已中断</translation>
    </message>
</context>
<context>
    <name>RunsWindow</name>
    <message>
        <source>Training runs</source>
        <translation>训练记录</translation>
    </message>
    <message>
        <source>Filter: name, network, state, note…</source>
        <translation>筛选：名称、网络、状态、备注…</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>筛选</translation>
    </message>
    <message>
        <source>Curves</source>
        <translation>曲线</translation>
    </message>
    <message>
        <source>Settings that differ</source>
        <translation>不同的设置</translation>
    </message>
    <message>
        <source>Run again…</source>
        <translation>再次训练…</translation>
    </message>
    <message>
        <source>Opens the training dialog with the settings of this run</source>
        <translation>以这次训练的设置打开训练对话框</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Goes on with a run that was stopped or broken off</source>
        <translation>继续已停止或已中断的训练</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>报告</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>That did not work</source>
        <translation>操作没有成功</translation>
    </message>
    <message>
        <source>No runs yet</source>
        <translation>还没有训练</translation>
    </message>
    <message>
        <source>{count} of {all} runs</source>
        <translation>{all} 次训练中的 {count} 次</translation>
    </message>
    <message>
        <source>Take the star away</source>
        <translation>取消星标</translation>
    </message>
    <message>
        <source>Star</source>
        <translation>加星标</translation>
    </message>
    <message>
        <source>Select runs to see their curves.</source>
        <translation>选择训练以查看曲线。</translation>
    </message>
    <message>
        <source>Setting</source>
        <translation>设置</translation>
    </message>
</context>
<context>
    <name>SamplePrompt</name>
    <message>
        <source>Write {label}</source>
        <translation>请写 {label}</translation>
    </message>
    <message>
        <source>Write the digit {label}</source>
        <translation>请写数字 {label}</translation>
    </message>
    <message>
        <source>Write the capital {label}</source>
        <translation>请写大写字母 {label}</translation>
    </message>
    <message>
        <source>Write the small {label}</source>
        <translation>请写小写字母 {label}</translation>
    </message>
    <message>
        <source>Write the letter {label}</source>
        <translation>请写字母 {label}</translation>
    </message>
</context>
<context>
    <name>Sampler</name>
    <message>
        <source>Nothing is written yet.</source>
        <translation>还没有写任何内容。</translation>
    </message>
    <message>
        <source>This drawing is saved already. Write another one.</source>
        <translation>这份笔迹已经保存，请另写一份。</translation>
    </message>
    <message>
        <source>The new network has other labels. What you wrote stays saved.</source>
        <translation>新网络的标签不同。已写的笔迹仍保存。</translation>
    </message>
    <message>
        <source>Write it again: the new one replaces this one.</source>
        <translation>请重写一次：新写的会替换这一个。</translation>
    </message>
    <message>
        <source>Too little ink to save. Write it larger.</source>
        <translation>笔迹太少，无法保存。请写大一些。</translation>
    </message>
    <message>
        <source>These samples stay those of {writer}; what comes after is for {other}.</source>
        <translation>这些样本仍属于 {writer}；之后的笔迹保存给 {other}。</translation>
    </message>
</context>
<context>
    <name>Saving</name>
    <message>
        <source>{name} already exists. Replace it?</source>
        <translation>{name} 已存在。要替换它吗？</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>替换</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>SavingNotice</name>
    <message>
        <source>Saving the drawing…</source>
        <translation>正在保存笔迹…</translation>
    </message>
</context>
<context>
    <name>ScorePanel</name>
    <message>
        <source>Learn my handwriting</source>
        <translation>学习我的字迹</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Misread drawings</source>
        <translation>认错的笔迹</translation>
    </message>
    <message>
        <source>{right} of {read} right</source>
        <translation>对 {right} 个，共 {read} 个</translation>
    </message>
    <message>
        <source>{written} saved, none was read</source>
        <translation>已保存 {written} 份，均未识别</translation>
    </message>
    <message>
        <source>{label}: {right} of {read}</source>
        <translation>{label}：{read} 个中认对 {right} 个</translation>
    </message>
    <message>
        <source>No network was loaded to read them</source>
        <translation>当时没有加载网络</translation>
    </message>
    <message>
        <source>{unread} not read, but saved</source>
        <translation>{unread} 份未识别，但已保存</translation>
    </message>
    <message>
        <source>Misread: what was asked for, and what was read</source>
        <translation>认错的：要求写的 → 识别成的</translation>
    </message>
    <message>
        <source>Nothing was misread</source>
        <translation>没有认错的</translation>
    </message>
    <message>
        <source>{asked} → {said}</source>
        <translation>{asked} → {said}</translation>
    </message>
    <message>
        <source>Asked for {asked}, read {said}</source>
        <translation>要求写 {asked}，识别成 {said}</translation>
    </message>
</context>
<context>
    <name>Shortcuts</name>
    <message>
        <source>Erase while drawing</source>
        <translation>书写时擦除</translation>
    </message>
    <message>
        <source>right button, pen's eraser</source>
        <translation>右键、笔的橡皮端</translation>
    </message>
    <message>
        <source>Keep the drawing as</source>
        <translation>将笔迹保存为</translation>
    </message>
    <message>
        <source>Draw</source>
        <translation>书写</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Write samples</source>
        <translation>书写样本</translation>
    </message>
    <message>
        <source>Explain</source>
        <translation>解释</translation>
    </message>
    <message>
        <source>Networks</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>Window and files</source>
        <translation>窗口和文件</translation>
    </message>
</context>
<context>
    <name>ShortcutsDialog</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>StartPanel</name>
    <message>
        <source>Write samples of your handwriting</source>
        <translation>书写字迹样本</translation>
    </message>
    <message>
        <source>Each of {count} once, in random order. At the end you see your score.</source>
        <translation>{count} 个标签各写一次，顺序随机。最后显示成绩。</translation>
    </message>
    <message>
        <source>In random order. At the end you see your score.</source>
        <translation>顺序随机。最后显示成绩。</translation>
    </message>
    <message>
        <source>{first}–{last} once</source>
        <translation>{first}–{last} 各一次</translation>
    </message>
    <message>
        <source>{first}–{last} three times</source>
        <translation>{first}–{last} 各三次</translation>
    </message>
    <message>
        <source>{first}–{last} five times</source>
        <translation>{first}–{last} 各五次</translation>
    </message>
    <message>
        <source>How often</source>
        <translation>次数</translation>
    </message>
    <message>
        <source>Writer</source>
        <translation>书写者</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>SystemReasons</name>
    <message>
        <source>No such file or directory</source>
        <translation>文件或文件夹不存在</translation>
    </message>
    <message>
        <source>Permission denied</source>
        <translation>没有权限</translation>
    </message>
    <message>
        <source>Operation not permitted</source>
        <translation>不允许此操作</translation>
    </message>
    <message>
        <source>No space left on device</source>
        <translation>磁盘空间不足</translation>
    </message>
    <message>
        <source>Disk quota exceeded</source>
        <translation>超出磁盘配额</translation>
    </message>
    <message>
        <source>Read-only file system</source>
        <translation>文件系统为只读</translation>
    </message>
    <message>
        <source>Is a directory</source>
        <translation>这是文件夹</translation>
    </message>
    <message>
        <source>Not a directory</source>
        <translation>这不是文件夹</translation>
    </message>
    <message>
        <source>File exists</source>
        <translation>文件已存在</translation>
    </message>
    <message>
        <source>File name too long</source>
        <translation>文件名过长</translation>
    </message>
    <message>
        <source>Input/output error</source>
        <translation>输入/输出错误</translation>
    </message>
    <message>
        <source>Too many open files</source>
        <translation>打开的文件过多</translation>
    </message>
    <message>
        <source>Cannot allocate memory</source>
        <translation>内存不足</translation>
    </message>
    <message>
        <source>Directory not empty</source>
        <translation>文件夹不为空</translation>
    </message>
    <message>
        <source>Device or resource busy</source>
        <translation>设备或资源忙</translation>
    </message>
</context>
<context>
    <name>Then</name>
    <message>
        <source>Drawing with the network before it learned anything</source>
        <translation>由尚未学习的网络识别</translation>
    </message>
    <message>
        <source>Drawing with the network of epoch {epoch}</source>
        <translation>由第 {epoch} 轮的网络识别</translation>
    </message>
</context>
<context>
    <name>ThenPanel</name>
    <message>
        <source>Draw a digit</source>
        <translation>写一个数字</translation>
    </message>
    <message>
        <source>The network in use reads {label}.</source>
        <translation>正在使用的网络认成 {label}。</translation>
    </message>
    <message>
        <source>Back to the network in use</source>
        <translation>返回正在使用的网络</translation>
    </message>
</context>
<context>
    <name>ToolRow</name>
    <message>
        <source>Pen width</source>
        <translation>笔宽</translation>
    </message>
    <message>
        <source>Pen width ([ and ])</source>
        <translation>笔宽（[ 和 ]）</translation>
    </message>
    <message>
        <source>Writer</source>
        <translation>书写者</translation>
    </message>
    <message>
        <source>Drawings are saved for</source>
        <translation>笔迹保存给</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>Reads with</source>
        <translation>识别所用网络</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>Computes on</source>
        <translation>计算所用设备</translation>
    </message>
</context>
<context>
    <name>TrainConfig</name>
    <message>
        <source>Network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>the architecture that is trained</source>
        <translation>要训练的网络结构</translation>
    </message>
    <message>
        <source>scribe</source>
        <translation>scribe</translation>
    </message>
    <message>
        <source>cnn</source>
        <translation>cnn</translation>
    </message>
    <message>
        <source>lenet5</source>
        <translation>lenet5</translation>
    </message>
    <message>
        <source>scribe-tiny</source>
        <translation>scribe-tiny</translation>
    </message>
    <message>
        <source>scribe-2</source>
        <translation>scribe-2</translation>
    </message>
    <message>
        <source>sprint</source>
        <translation>sprint</translation>
    </message>
    <message>
        <source>sprint-deep</source>
        <translation>sprint-deep</translation>
    </message>
    <message>
        <source>sprint-2</source>
        <translation>sprint-2</translation>
    </message>
    <message>
        <source>cnn-dropout</source>
        <translation>cnn-dropout</translation>
    </message>
    <message>
        <source>cnn-valid</source>
        <translation>cnn-valid</translation>
    </message>
    <message>
        <source>dsdcnn</source>
        <translation>dsdcnn</translation>
    </message>
    <message>
        <source>vgg-small</source>
        <translation>vgg-small</translation>
    </message>
    <message>
        <source>alexnet-small</source>
        <translation>alexnet-small</translation>
    </message>
    <message>
        <source>resnet18</source>
        <translation>resnet18</translation>
    </message>
    <message>
        <source>vgg16</source>
        <translation>vgg16</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>数据集</translation>
    </message>
    <message>
        <source>the pictures it learns from</source>
        <translation>网络从中学习的图片</translation>
    </message>
    <message>
        <source>Epochs</source>
        <translation>轮次</translation>
    </message>
    <message>
        <source>one epoch is one pass through all training pictures</source>
        <translation>一轮（epoch）就是把全部训练图片学习一遍</translation>
    </message>
    <message>
        <source>epochs</source>
        <translation>轮</translation>
    </message>
    <message>
        <source>Batch size</source>
        <translation>批大小</translation>
    </message>
    <message>
        <source>pictures looked at before each small correction</source>
        <translation>每做一次小修正所看的图片数</translation>
    </message>
    <message>
        <source>pictures</source>
        <translation>张图片</translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation>学习率</translation>
    </message>
    <message>
        <source>how large each correction is, at its peak; 0: automatic</source>
        <translation>每次修正的幅度（峰值）；0：自动</translation>
    </message>
    <message>
        <source>automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Optimizer</source>
        <translation>优化器</translation>
    </message>
    <message>
        <source>how corrections are made from gradients</source>
        <translation>如何根据梯度作出修正</translation>
    </message>
    <message>
        <source>adamw</source>
        <translation>AdamW</translation>
    </message>
    <message>
        <source>adamw-fast</source>
        <translation>AdamW（快速）</translation>
    </message>
    <message>
        <source>adam</source>
        <translation>Adam</translation>
    </message>
    <message>
        <source>sgd</source>
        <translation>SGD</translation>
    </message>
    <message>
        <source>rmsprop</source>
        <translation>RMSprop</translation>
    </message>
    <message>
        <source>Augmentation</source>
        <translation>数据增强</translation>
    </message>
    <message>
        <source>pictures are changed a little each time, so that the network meets more handwriting</source>
        <translation>每次都对图片稍作改动，让网络接触到更多样的字迹</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>shift</source>
        <translation>平移</translation>
    </message>
    <message>
        <source>strong</source>
        <translation>强</translation>
    </message>
    <message>
        <source>strokes</source>
        <translation>笔画</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>what computes</source>
        <translation>用于计算的设备</translation>
    </message>
    <message>
        <source>auto</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>cuda</source>
        <translation>CUDA</translation>
    </message>
    <message>
        <source>mps</source>
        <translation>MPS</translation>
    </message>
    <message>
        <source>cpu</source>
        <translation>CPU</translation>
    </message>
    <message>
        <source>Minutes</source>
        <translation>分钟</translation>
    </message>
    <message>
        <source>time budget: as many epochs as fit into it, by the speed measured here; 0: off</source>
        <translation>时间预算：按本机实测速度能完成多少轮就训练多少轮；0：关闭</translation>
    </message>
    <message>
        <source>off</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>minutes</source>
        <translation>分钟</translation>
    </message>
    <message>
        <source>Start from</source>
        <translation>起始网络</translation>
    </message>
    <message>
        <source>a trained network, by name or file, that is trained further; empty: from nothing</source>
        <translation>在一个已训练的网络（名称或文件）上继续训练；留空：从头开始</translation>
    </message>
    <message>
        <source>Layers trained</source>
        <translation>训练的层数</translation>
    </message>
    <message>
        <source>train only this many of the last layers, 1 is the head alone; 0: all of them</source>
        <translation>只训练最后这么多层，1 表示只训练输出层；0：全部训练</translation>
    </message>
    <message>
        <source>all of them</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>layers</source>
        <translation>层</translation>
    </message>
    <message>
        <source>ImageNet weights</source>
        <translation>ImageNet 权重</translation>
    </message>
    <message>
        <source>where a network of torchvision's begins: auto takes what it learned on photographs, if it can be had; required does not train without</source>
        <translation>torchvision 网络的起点：自动则在可以取得时采用从照片学到的权重；必需则没有它就不训练</translation>
    </message>
    <message>
        <source>required</source>
        <translation>必需</translation>
    </message>
    <message>
        <source>no</source>
        <translation>不使用</translation>
    </message>
    <message>
        <source>Schedule</source>
        <translation>学习率调度</translation>
    </message>
    <message>
        <source>how the learning rate moves during the run</source>
        <translation>训练过程中学习率如何变化</translation>
    </message>
    <message>
        <source>one-cycle</source>
        <translation>单周期（one-cycle）</translation>
    </message>
    <message>
        <source>cosine</source>
        <translation>余弦退火</translation>
    </message>
    <message>
        <source>step</source>
        <translation>分段下降</translation>
    </message>
    <message>
        <source>constant</source>
        <translation>恒定</translation>
    </message>
    <message>
        <source>Weight decay</source>
        <translation>权重衰减</translation>
    </message>
    <message>
        <source>pull of all weights towards zero (L2)</source>
        <translation>把所有权重拉向零的强度（L2）</translation>
    </message>
    <message>
        <source>L1 penalty</source>
        <translation>L1 惩罚</translation>
    </message>
    <message>
        <source>pull of every weight towards zero by the same amount</source>
        <translation>把每个权重以相同的力度拉向零</translation>
    </message>
    <message>
        <source>Dropout</source>
        <translation>随机失活（Dropout）</translation>
    </message>
    <message>
        <source>fraction of activations dropped at random, in a network with dropout; -1: the network's own</source>
        <translation>网络含随机失活层时，随机丢弃的激活比例；-1：采用网络自带的值</translation>
    </message>
    <message>
        <source>as the network has it</source>
        <translation>网络自带的值</translation>
    </message>
    <message>
        <source>Label smoothing</source>
        <translation>标签平滑</translation>
    </message>
    <message>
        <source>fraction of certainty taken off the correct answer, against overconfidence</source>
        <translation>从正确答案中扣除的确信度，防止过度自信</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>损失函数</translation>
    </message>
    <message>
        <source>what training makes small; softmax-twice is a common mistake, to be seen once: gradients become small and learning slow</source>
        <translation>训练要减小的量；“两次 softmax”是常见错误，值得见识一次：梯度变小，学习变慢</translation>
    </message>
    <message>
        <source>cross-entropy</source>
        <translation>交叉熵</translation>
    </message>
    <message>
        <source>softmax-twice</source>
        <translation>两次 softmax</translation>
    </message>
    <message>
        <source>Averaged weights</source>
        <translation>权重平均</translation>
    </message>
    <message>
        <source>decay per batch of a running average of the weights that is used instead of the last ones; 0: none</source>
        <translation>权重滑动平均的每批衰减率，以平均值代替最后的权重；0 表示不使用</translation>
    </message>
    <message>
        <source>Patience</source>
        <translation>早停轮数</translation>
    </message>
    <message>
        <source>stop after this many epochs without a better validation loss; 0: never</source>
        <translation>连续这么多轮验证损失没有改善就停止；0：从不</translation>
    </message>
    <message>
        <source>never</source>
        <translation>从不</translation>
    </message>
    <message>
        <source>Validation pictures</source>
        <translation>验证集图片数</translation>
    </message>
    <message>
        <source>held out of training, to validate the network after every epoch</source>
        <translation>不参与训练，每轮之后用来验证网络</translation>
    </message>
    <message>
        <source>Limit</source>
        <translation>图片上限</translation>
    </message>
    <message>
        <source>train on only this many pictures; 0: all</source>
        <translation>只用这么多张图片训练；0：全部</translation>
    </message>
    <message>
        <source>all</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>随机种子</translation>
    </message>
    <message>
        <source>start of the random numbers: with given precision and threads, the same seed is the same run</source>
        <translation>随机数的起点：指定精度和线程数时，相同的种子得到相同的训练</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>数值精度</translation>
    </message>
    <message>
        <source>number format of the arithmetic; auto measures which is faster here</source>
        <translation>计算所用的数值格式；“自动”会实测本机哪种更快</translation>
    </message>
    <message>
        <source>float32</source>
        <translation>float32</translation>
    </message>
    <message>
        <source>bfloat16</source>
        <translation>bfloat16</translation>
    </message>
    <message>
        <source>Threads</source>
        <translation>线程数</translation>
    </message>
    <message>
        <source>processor threads; 0: as many as measure fastest</source>
        <translation>处理器线程数；0：自动选用实测最快的线程数</translation>
    </message>
    <message>
        <source>threads</source>
        <translation>个线程</translation>
    </message>
</context>
<context>
    <name>TrainingArea</name>
    <message>
        <source>Training</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>Below the paper</source>
        <translation>放在纸面下方</translation>
    </message>
    <message>
        <source>Beside the paper</source>
        <translation>放在纸面旁边</translation>
    </message>
    <message>
        <source>In a window of its own</source>
        <translation>放在独立窗口中</translation>
    </message>
    <message>
        <source>Handwrite</source>
        <translation>Handwrite</translation>
    </message>
    <message>
        <source>{percent} trained · Handwrite</source>
        <translation>已训练 {percent} · Handwrite</translation>
    </message>
    <message>
        <source>A network is learning your handwriting. That takes a few seconds.</source>
        <translation>网络正在学习你的字迹，只需几秒钟。</translation>
    </message>
</context>
<context>
    <name>TrainingDialog</name>
    <message>
        <source>Train a network</source>
        <translation>训练网络</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>数据</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>方法</translation>
    </message>
    <message>
        <source>Restore defaults</source>
        <translation>恢复默认值</translation>
    </message>
    <message>
        <source>Open settings…</source>
        <translation>打开设置…</translation>
    </message>
    <message>
        <source>Save settings…</source>
        <translation>保存设置…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Start training</source>
        <translation>开始训练</translation>
    </message>
    <message>
        <source>Not on this machine, and left out: {names}</source>
        <translation>本机没有，已略去：{names}</translation>
    </message>
    <message>
        <source>Advanced · {count} changed</source>
        <translation>高级 · 已更改 {count} 项</translation>
    </message>
    <message>
        <source>Advanced</source>
        <translation>高级</translation>
    </message>
    <message>
        <source>Choose from the list, or name your own: strokes:FILE, folder:FOLDER, npz:FILE or csv:FILE. Several are joined by +.</source>
        <translation>请从列表中选择，或指定自己的数据：strokes:‹文件›、folder:‹文件夹›、npz:‹文件› 或 csv:‹文件›；多个数据用 + 连接。</translation>
    </message>
    <message>
        <source>{least} to {most}</source>
        <translation>{least} 到 {most}</translation>
    </message>
    <message>
        <source>A learning rate lies between {least} and {most}.</source>
        <translation>学习率应在 {least} 和 {most} 之间。</translation>
    </message>
    <message>
        <source>With more than {limit} a network hardly ever learns anything.</source>
        <translation>大于 {limit} 时，网络几乎学不到东西。</translation>
    </message>
    <message>
        <source>{device}: {reason}</source>
        <translation>{device}：{reason}</translation>
    </message>
</context>
<context>
    <name>TrainingPanel</name>
    <message>
        <source>Curves</source>
        <translation>曲线</translation>
    </message>
    <message>
        <source>Training {network}</source>
        <translation>正在训练 {network}</translation>
    </message>
    <message>
        <source>starting…</source>
        <translation>正在启动…</translation>
    </message>
    <message>
        <source>downloading {file}: {received}</source>
        <translation>正在下载 {file}：{received}</translation>
    </message>
    <message>
        <source>Trained {network}</source>
        <translation>{network} 训练完成</translation>
    </message>
    <message>
        <source>stopped; nothing was learned yet</source>
        <translation>已停止；还没学到什么</translation>
    </message>
    <message>
        <source>Training {network} was stopped</source>
        <translation>{network} 的训练已停止</translation>
    </message>
    <message>
        <source>discarded; the network in use stays</source>
        <translation>已丢弃；仍使用当前的网络</translation>
    </message>
    <message>
        <source>Training {network} was cancelled</source>
        <translation>{network} 的训练已取消</translation>
    </message>
    <message>
        <source>failed; the network in use stays</source>
        <translation>训练失败；当前网络不变</translation>
    </message>
    <message>
        <source>Training {network} failed</source>
        <translation>{network} 训练失败</translation>
    </message>
    <message>
        <source>stopping, then validating…</source>
        <translation>正在停止，随后验证…</translation>
    </message>
    <message>
        <source>cancelling…</source>
        <translation>正在取消…</translation>
    </message>
    <message>
        <source>reading the validation pictures…</source>
        <translation>正在读取验证图片…</translation>
    </message>
    <message>
        <source>comparing it with the network in use…</source>
        <translation>正在与当前网络比较…</translation>
    </message>
    <message>
        <source>done in {time}</source>
        <translation>用时 {time} 完成</translation>
    </message>
    <message>
        <source>stopped after {time}</source>
        <translation>{time} 后停止</translation>
    </message>
    <message>
        <source>no better after {time}</source>
        <translation>{time} 后不再改善</translation>
    </message>
    <message>
        <source>best: epoch {epoch}, {accuracy}</source>
        <translation>最佳：第 {epoch} 轮，{accuracy}</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>Progress of the training</source>
        <translation>训练进度</translation>
    </message>
    <message>
        <source>No run yet. Train ▸ Train a network… begins one; its curves are shown here.</source>
        <translation>还没有训练过。用“训练 ▸ 训练网络…”开始训练，曲线会显示在这里。</translation>
    </message>
    <message>
        <source>Hide</source>
        <translation>隐藏</translation>
    </message>
</context>
<context>
    <name>TrainingSession</name>
    <message>
        <source>Cancel the training?</source>
        <translation>要取消训练吗？</translation>
    </message>
    <message>
        <source>What it has learned so far is deleted, with its run; “Stop” would keep the best of it. The network in use stays as it is.</source>
        <translation>它目前学到的一切会随这次训练一起删除。如果改用“停止”，则会保留最好的权重。正在使用的网络不受影响。</translation>
    </message>
    <message>
        <source>Cancel and delete</source>
        <translation>取消并删除</translation>
    </message>
    <message>
        <source>Keep training</source>
        <translation>继续训练</translation>
    </message>
    <message>
        <source>Training is still running</source>
        <translation>训练仍在进行</translation>
    </message>
    <message>
        <source>Its best weights so far stay in the runs folder. The network in use stays as it is.</source>
        <translation>目前最好的权重会留在训练记录文件夹中，当前网络不变。</translation>
    </message>
    <message>
        <source>Stop and close</source>
        <translation>停止并关闭</translation>
    </message>
    <message>
        <source>A run is under way. Stop it first, or wait until it is over.</source>
        <translation>训练正在进行。请先停止训练，或等它结束。</translation>
    </message>
    <message>
        <source>Training cannot begin</source>
        <translation>训练无法开始</translation>
    </message>
    <message>
        <source>The run cannot go on</source>
        <translation>训练无法继续</translation>
    </message>
    <message>
        <source>Training in the background. Go on drawing.</source>
        <translation>正在后台训练，可以继续书写。</translation>
    </message>
    <message>
        <source>network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>The run was cancelled; nothing of it is left.</source>
        <translation>训练已取消，没有留下任何内容。</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>Training failed</source>
        <translation>训练失败</translation>
    </message>
    <message>
        <source>The run was broken off. It can go on from its last checkpoint.</source>
        <translation>训练中断了，可以从上一个检查点继续。</translation>
    </message>
    <message>
        <source>Training failed; the network in use stays.</source>
        <translation>训练失败；当前网络不变。</translation>
    </message>
</context>
<context>
    <name>TrainingStrip</name>
    <message>
        <source>Stopping…</source>
        <translation>正在停止…</translation>
    </message>
    <message>
        <source>{network}: paused at {percent}</source>
        <translation>{network}：暂停于 {percent}</translation>
    </message>
    <message>
        <source>Training {network}… {percent}</source>
        <translation>正在训练 {network}… {percent}</translation>
    </message>
    <message>
        <source>Progress of the training</source>
        <translation>训练进度</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Stop training</source>
        <translation>停止训练</translation>
    </message>
    <message>
        <source>Finish now and keep the best weights so far</source>
        <translation>立即结束，保留目前最好的权重</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Show the training panel</source>
        <translation>显示训练面板</translation>
    </message>
</context>
<context>
    <name>Verdict</name>
    <message>
        <source>&gt;99 %</source>
        <translation>&gt;99%</translation>
    </message>
    <message>
        <source>{number} %</source>
        <translation>{number}%</translation>
    </message>
    <message>
        <source>{percent} so far</source>
        <translation>目前 {percent}</translation>
    </message>
    <message>
        <source>Two digits?</source>
        <translation>两个数字？</translation>
    </message>
    <message>
        <source>Two signs?</source>
        <translation>两个字符？</translation>
    </message>
    <message>
        <source>One at a time, please</source>
        <translation>请一次只写一个</translation>
    </message>
    <message>
        <source>Not a digit</source>
        <translation>不是数字</translation>
    </message>
    <message>
        <source>Not a letter</source>
        <translation>不是字母</translation>
    </message>
    <message>
        <source>None of these</source>
        <translation>不在可识别的字符之中</translation>
    </message>
    <message>
        <source>Closest: {label}</source>
        <translation>最接近：{label}</translation>
    </message>
    <message>
        <source>{label} looks close</source>
        <translation>也像 {label}</translation>
    </message>
    <message>
        <source>Sure</source>
        <translation>很有把握</translation>
    </message>
    <message>
        <source>Not sure: {first} or {second}?</source>
        <translation>拿不准：{first} 还是 {second}？</translation>
    </message>
    <message>
        <source>Not sure: {first}, {second} or {third}?</source>
        <translation>拿不准：{first}、{second} 还是 {third}？</translation>
    </message>
    <message>
        <source>Only {percent} sure</source>
        <translation>把握只有 {percent}</translation>
    </message>
</context>
<context>
    <name>WatchPage</name>
    <message>
        <source>{right} of {count} right</source>
        <translation>{count} 张中认对 {right} 张</translation>
    </message>
    <message>
        <source>Watch it learn</source>
        <translation>观看学习过程</translation>
    </message>
    <message>
        <source>Pin my drawing</source>
        <translation>钉住我写的</translation>
    </message>
    <message>
        <source>What is on the paper is read by every snapshot of the network (eight at most)</source>
        <translation>纸上的内容会由网络的每个快照识别（最多八个）</translation>
    </message>
    <message>
        <source>Newest</source>
        <translation>最新</translation>
    </message>
    <message>
        <source>Follow the network as it learns</source>
        <translation>跟随网络的学习</translation>
    </message>
    <message>
        <source>Draw with it</source>
        <translation>用它识别</translation>
    </message>
    <message>
        <source>What you draw is also read by the network as it was then</source>
        <translation>你写的内容也由当时的网络识别</translation>
    </message>
    <message>
        <source>Pinned drawings</source>
        <translation>钉住的手写</translation>
    </message>
    <message>
        <source>Wall of validation pictures</source>
        <translation>验证图片墙</translation>
    </message>
    <message>
        <source>Time of the training</source>
        <translation>训练时间</translation>
    </message>
    <message>
        <source>how sure it is of the pins, %</source>
        <translation>对钉住内容的把握，%</translation>
    </message>
    <message>
        <source>Click to take it off</source>
        <translation>点击取下</translation>
    </message>
    <message>
        <source>{label}, read as it is ({percent}). Click to pin it.</source>
        <translation>{label}，认对了（{percent}）。点击钉住。</translation>
    </message>
    <message>
        <source>{label}, read as {answer} ({percent}). Click to pin it.</source>
        <translation>{label}，认成 {answer}（{percent}）。点击钉住。</translation>
    </message>
    <message>
        <source>The first snapshot comes with the first step.</source>
        <translation>第一步之后才有第一个快照。</translation>
    </message>
    <message>
        <source>before the first step</source>
        <translation>第一步之前</translation>
    </message>
    <message>
        <source>epoch {epoch} · step {step}</source>
        <translation>第 {epoch} 轮 · 第 {step} 步</translation>
    </message>
</context>
<context>
    <name>Watching</name>
    <message>
        <source>Watch</source>
        <translation>观看</translation>
    </message>
    <message>
        <source>{folder} is gone: what was read of it stays.</source>
        <translation>{folder} 已不存在：已读到的内容会保留。</translation>
    </message>
</context>
<context>
    <name>WhyButton</name>
    <message>
        <source>Why?</source>
        <translation>为什么？</translation>
    </message>
    <message>
        <source>Why it is read so, and what would change that</source>
        <translation>为什么这样识别，怎样会改变结果</translation>
    </message>
</context>
<context>
    <name>WhyMode</name>
    <message>
        <source>Draw something first.</source>
        <translation>请先写点什么。</translation>
    </message>
    <message>
        <source>Looking for reasons…</source>
        <translation>正在找原因…</translation>
    </message>
</context>
<context>
    <name>WhyPanel</name>
    <message>
        <source>Looks like these: {label}</source>
        <translation>像下面这些 {label}</translation>
    </message>
    <message>
        <source>Next best, {label}, would look like these:</source>
        <translation>其次是 {label}，它会是这样：</translation>
    </message>
    <message>
        <source>What would change its mind</source>
        <translation>怎样会让它改变主意</translation>
    </message>
    <message>
        <source>None of {count} small changes gives another answer.</source>
        <translation>试了 {count} 处小改动，结果都不变。</translation>
    </message>
    <message>
        <source>Without each stroke</source>
        <translation>去掉某一笔</translation>
    </message>
    <message>
        <source>Without each piece of the stroke</source>
        <translation>去掉笔画的某一段</translation>
    </message>
    <message>
        <source>Why?</source>
        <translation>为什么？</translation>
    </message>
    <message>
        <source>Where it looks</source>
        <translation>它看哪里</translation>
    </message>
    <message>
        <source>Bright where the answer depends on the ink. Click a map to lay it on the paper.</source>
        <translation>亮处的墨迹对结果很重要。点一张图，把它叠到纸上。</translation>
    </message>
    <message>
        <source>Random weights</source>
        <translation>随机权重</translation>
    </message>
    <message>
        <source>The same maps of a network that has learned nothing. Where they look alike, the map says little about what was learned.</source>
        <translation>用什么都没学过的网络画出同样的图。如果看起来差不多，这张图就说明不了学到了什么。</translation>
    </message>
    <message>
        <source>Occlusion</source>
        <translation>遮挡</translation>
    </message>
    <message>
        <source>How much surer it is with the ink at this place than without it</source>
        <translation>有这里的墨迹比没有时，它更有把握多少</translation>
    </message>
    <message>
        <source>Which places of the last layer's maps speak for the answer</source>
        <translation>最后一层的特征图中，哪些位置支持这个结果</translation>
    </message>
    <message>
        <source>yours</source>
        <translation>你的</translation>
    </message>
    <message>
        <source>made up</source>
        <translation>合成</translation>
    </message>
    <message>
        <source>One of your saved drawings</source>
        <translation>你保存的笔迹之一</translation>
    </message>
    <message>
        <source>One of MNIST's training pictures</source>
        <translation>MNIST 训练集中的一张图</translation>
    </message>
    <message>
        <source>Drawn by the program; with MNIST at hand, digits are MNIST's</source>
        <translation>程序自己画的；本机有 MNIST 时，数字用 MNIST 的图</translation>
    </message>
    <message>
        <source>Without this stroke: {label}, {percent} %</source>
        <translation>去掉这一笔：{label}，{percent}%</translation>
    </message>
    <message>
        <source>With this end cut off: {label}, {percent} %</source>
        <translation>剪掉这一头：{label}，{percent}%</translation>
    </message>
    <message>
        <source>With a gap here: {label}, {percent} %</source>
        <translation>这里断开：{label}，{percent}%</translation>
    </message>
    <message>
        <source>With this gap closed: {label}, {percent} %</source>
        <translation>这里连上：{label}，{percent}%</translation>
    </message>
    <message>
        <source>With this line added: {label}, {percent} %</source>
        <translation>加上这一笔：{label}，{percent}%</translation>
    </message>
    <message>
        <source>Stroke {number}: it would read {label}</source>
        <translation>第 {number} 笔：会认成 {label}</translation>
    </message>
    <message>
        <source>Piece {number}: it would read {label}</source>
        <translation>第 {number} 段：会认成 {label}</translation>
    </message>
    <message>
        <source>Stroke {number}: still {label}, {percent} %</source>
        <translation>第 {number} 笔：仍是 {label}，{percent}%</translation>
    </message>
    <message>
        <source>Piece {number}: still {label}, {percent} %</source>
        <translation>第 {number} 段：仍是 {label}，{percent}%</translation>
    </message>
    <message>
        <source>Stroke {number}: no digit any more</source>
        <translation>第 {number} 笔：不再是数字</translation>
    </message>
    <message>
        <source>Piece {number}: no digit any more</source>
        <translation>第 {number} 段：不再是数字</translation>
    </message>
    <message>
        <source>Show it on the paper</source>
        <translation>在纸上显示</translation>
    </message>
    <message>
        <source>Trust it little: {names} looks alike with random weights.</source>
        <translation>参考价值较低：换成随机权重，{names}看起来差不多。</translation>
    </message>
    <message>
        <source> and </source>
        <translation>和</translation>
    </message>
    <message>
        <source>With random weights both look different: they show what was learned.</source>
        <translation>换成随机权重，两张图都变了：它们反映的是学到的东西。</translation>
    </message>
</context>
<context>
    <name>Writers</name>
    <message>
        <source>Me</source>
        <translation>我</translation>
    </message>
    <message>
        <source>A guest writes: choose a writer to train a network.</source>
        <translation>现在由访客书写：请先选择书写者，再训练网络。</translation>
    </message>
    <message>
        <source>Nothing that a guest draws is kept or remembered.</source>
        <translation>访客写的内容不会被保存，也不会被记住。</translation>
    </message>
    <message>
        <source>Guest</source>
        <translation>访客</translation>
    </message>
    <message>
        <source>Add a writer</source>
        <translation>添加书写者</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>The writer was not added</source>
        <translation>未能添加书写者</translation>
    </message>
    <message>
        <source>Rename the writer</source>
        <translation>重命名书写者</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
    <message>
        <source>The writer was not renamed</source>
        <translation>未能重命名书写者</translation>
    </message>
    <message>
        <source>Delete “{writer}”?</source>
        <translation>删除“{writer}”？</translation>
    </message>
    <message>
        <source>The writer goes, and deleted drawings of theirs cannot be brought back. One who has drawings stays: delete those first.</source>
        <translation>书写者将被删除，其已删除的笔迹无法恢复。仍有笔迹的书写者不会被删除：请先删除其笔迹。</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Keep the writer</source>
        <translation>保留书写者</translation>
    </message>
    <message>
        <source>The writer was not deleted</source>
        <translation>未能删除书写者</translation>
    </message>
    <message>
        <source>Who is writing? The name stays on this computer.</source>
        <translation>谁在书写？名字只保存在这台电脑上。</translation>
    </message>
    <message>
        <source>The list of writers cannot be read.</source>
        <translation>无法读取书写者列表。</translation>
    </message>
    <message>
        <source>&amp;Guest</source>
        <translation>访客(&amp;G)</translation>
    </message>
    <message>
        <source>&amp;Add a writer…</source>
        <translation>添加书写者(&amp;A)…</translation>
    </message>
    <message>
        <source>&amp;Rename {writer}…</source>
        <translation>重命名 {writer}(&amp;R)…</translation>
    </message>
    <message>
        <source>&amp;Delete {writer}…</source>
        <translation>删除 {writer}(&amp;D)…</translation>
    </message>
    <message>
        <source>Drawings are saved for {writer} from now on.</source>
        <translation>之后的笔迹将为{writer}保存。</translation>
    </message>
</context>
<context>
    <name>WrittenController</name>
    <message>
        <source>There is no network for letters in this installation.</source>
        <translation>此安装中没有识别字母的网络。</translation>
    </message>
    <message>
        <source>What is written</source>
        <translation>书写内容</translation>
    </message>
    <message>
        <source>Draw a digit</source>
        <translation>写一个数字</translation>
    </message>
    <message>
        <source>Draw a letter</source>
        <translation>写一个字母</translation>
    </message>
    <message>
        <source>Draw a digit or a letter</source>
        <translation>写一个数字或字母</translation>
    </message>
    <message>
        <source>Digits</source>
        <translation>数字</translation>
    </message>
    <message>
        <source>Letters</source>
        <translation>字母</translation>
    </message>
    <message>
        <source>Both</source>
        <translation>数字和字母</translation>
    </message>
</context>
</TS>
