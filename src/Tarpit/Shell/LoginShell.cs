using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.Sessions;
using Blackwall.Tarpit.Shell.Commands;
using Blackwall.Tarpit.Shell.Execution;

namespace Blackwall.Tarpit.Shell;

/// <summary>bash at a terminal: message of the day, prompt, keys, history, ^C and ^D.</summary>
internal sealed class LoginShell
{
    private const int MostHistory = 1000;
    private const int LongestCommand = 256 * 1024;

    private readonly Visit _visit;
    private readonly ShellState _state;
    private readonly Interpreter _interpreter;
    private readonly LineEditor _editor;
    private readonly StringBuilder _command = new();
    private readonly Keyboard _keyboard;
    private readonly HistoryFile _history;

    // bash asks for it once.
    private readonly string _hostName;

    public LoginShell(Visit visit, ShellState state, Keyboard keyboard)
    {
        (_visit, _state, _keyboard) = (visit, state, keyboard);
        _interpreter = SubshellRunner.Begin(state, new ShellStreams(ShellInput.From(new TerminalInput(state.Io), state.Turns), new PeerOutput(state.Io, isError: false), new PeerOutput(state.Io, isError: true)));
        _editor = new LineEditor(state.History);
        state.IsInteractive = true;
        state.Options.UnionWith(["expand_aliases", "histexpand", "monitor", "emacs", "history", "extglob"]);
        state.Aliases["ls"] = "ls --color=auto";
        state.Aliases["grep"] = "grep --color=auto";
        state.Aliases["ll"] = "ls --color=auto -alF";
        state.Aliases["la"] = "ls --color=auto -A";
        state.Aliases["l"] = "ls --color=auto -CF";
        _history = new HistoryFile(visit, state);
        _history.Load();
        _editor.Clear();
        _hostName = visit.Memory.HostName;
    }

    public async Task<ExitStatus> RunAsync(CancellationToken cancellation)
    {
        _keyboard.OnInterrupt = null;
        await WriteAsync(World.Greeting.Text(_visit), cancellation);
        try
        {
            return await LoopAsync(isLogin: true, cancellation);
        }
        finally
        {
            _state.Turns.StopAll();
        }
    }

    public async Task<ExitStatus> RunNestedAsync(CancellationToken cancellation)
    {
        Action? before = _keyboard.OnInterrupt;
        _keyboard.OnInterrupt = null;
        try
        {
            return await LoopAsync(isLogin: false, cancellation);
        }
        finally
        {
            _keyboard.OnInterrupt = before;
        }
    }

    private async Task<ExitStatus> LoopAsync(bool isLogin, CancellationToken cancellation)
    {
        try
        {
            return await ReadKeysAsync(isLogin, cancellation);
        }
        finally
        {
            _history.Save();
        }
    }

    private async Task<ExitStatus> ReadKeysAsync(bool isLogin, CancellationToken cancellation)
    {
        byte[] buffer = new byte[1];
        await PromptAsync(cancellation);
        while (!_interpreter.HasExited)
        {
            int got = await _state.Io.ReadAsync(buffer, cancellation);
            if (got == 0)
            {
                break;
            }

            // One key at a time: what follows the end of a line is for the command.
            StringBuilder echo = new();
            for (int i = 0; i < got; i++)
            {
                LineEditor.Result result = _editor.HandleKey(buffer[i], echo);
                if (_editor.Completes is { } word)
                {
                    await CompleteAsync(word, echo, cancellation);
                }
                else if (_editor.ClearsScreen || _editor.EndsSearch)
                {
                    await WriteAsync(echo + (_editor.ClearsScreen ? "\x1b[H\x1b[2J" : ""), cancellation);
                    echo.Clear();
                    _editor.EndsSearch = false;
                    await PromptAsync(cancellation);
                    echo.Append(_editor.Shown);
                    if (result == LineEditor.Result.Line)
                    {
                        echo.Append("\r\n");
                    }
                }

                switch (result)
                {
                    case LineEditor.Result.Line:
                        echo.Append(_state.Get("TERM") is "dumb" ? "" : "\x1b[?2004l\r");
                        await FlushAsync(echo, cancellation);
                        await HandleLineAsync(cancellation);
                        break;
                    case LineEditor.Result.Interrupted:
                        await FlushAsync(echo, cancellation);
                        _state.Status = 130;
                        _command.Clear();
                        _editor.Clear();
                        await PromptAsync(cancellation);
                        break;
                    case LineEditor.Result.EndOfInput:
                        await WriteAsync(isLogin ? "\r\nlogout\r\n" : "\r\nexit\r\n", cancellation);
                        return new ExitStatus(_state.Status);
                }
            }

            await FlushAsync(echo, cancellation);
        }

        return new ExitStatus(_state.Status);
    }

    private async Task HandleLineAsync(CancellationToken cancellation)
    {
        string line = _editor.Line;
        _editor.Clear();
        _command.Append(line);
        if (_command.Length < LongestCommand && _command.ToString() is { } whole && whole.Trim().Length > 0 && !Syntax.Parser.IsComplete(whole + "\n"))
        {
            _command.Append('\n');
            await WriteAsync("> ", cancellation);
            return;
        }

        string command = _command.ToString();
        _command.Clear();
        if (command.Trim().Length > 0)
        {
            AddToHistory(command);
            _state.Log.Record(new Observation(ObservationKinds.Command) { Text = Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(command)) });
            await RunInterruptiblyAsync(command, cancellation);
        }

        if (!_interpreter.HasExited)
        {
            await PromptAsync(cancellation);
        }
        else
        {
            await WriteAsync("logout\r\n", cancellation);
        }
    }

    // ^C ends what runs, also while it reads nothing.
    private async Task RunInterruptiblyAsync(string command, CancellationToken cancellation)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _state.Budget.Reset();
        Action? before = _keyboard.OnInterrupt;
        _keyboard.OnInterrupt = stop.Cancel;
        try
        {
            await _state.Turns.EnterAsync(stop.Token);
            try
            {
                await _interpreter.RunTextAsync(command + "\n", stop.Token);
                _state.OpenFiles.Flush(_state.Log);
                await WriteAsync(JobBuiltins.Finished(_state).Replace("\n", "\r\n", StringComparison.Ordinal), stop.Token);
            }
            finally
            {
                _state.Turns.Leave();
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            _state.Status = 130;
            await WriteAsync("^C\r\n", cancellation);
        }
        catch (BrokenPipeException)
        {
            _state.Status = 141;
        }
        finally
        {
            _keyboard.OnInterrupt = before;
        }
    }

    private void AddToHistory(string command)
    {
        if (!command.StartsWith(' ') && _state.History.Count < MostHistory && (_state.History.Count == 0 || !string.Equals(_state.History[^1], command, StringComparison.Ordinal)) && _state.Budget.Memory.TryGrow(command.Length * sizeof(char)))
        {
            _state.History.Add(command);
            _editor.Clear();
        }
    }

    private async ValueTask CompleteAsync(string word, StringBuilder echo, CancellationToken cancellation)
    {
        Completion completion = Completion.Of(_state, word, _editor.IsCommandWord);
        if (completion.Added.Length > 0)
        {
            _editor.Insert(completion.Added, echo);
        }
        else if (completion.Names.Count == 0 || !_editor.ShowsAll)
        {
            echo.Append('\a');
        }
        else
        {
            await WriteAsync("\r\n" + completion.Columns(_state.Io.Terminal?.Columns ?? 80), cancellation);
            await PromptAsync(cancellation);
            echo.Append(_editor.Shown);
        }
    }

    // \u@\h:\w\$ with the title and the bracketed paste that the distribution's .bashrc and readline set.
    private ValueTask PromptAsync(CancellationToken cancellation)
    {
        string folder = string.Equals(_state.Folder, _visit.HomeFolder, StringComparison.Ordinal) ? "~" : _state.Folder.StartsWith(_visit.HomeFolder + "/", StringComparison.Ordinal) ? "~" + _state.Folder[_visit.HomeFolder.Length..] : _state.Folder;
        string where = string.Create(CultureInfo.InvariantCulture, $"{_visit.UserName}@{_hostName}: {folder}");
        string prompt = where.Replace(": ", ":", StringComparison.Ordinal) + (_visit.UserId == 0 ? "# " : "$ ");
        bool isXterm = _state.Get("TERM").StartsWith("xterm", StringComparison.Ordinal) || _state.Get("TERM").StartsWith("rxvt", StringComparison.Ordinal);
        bool isColored = _visit.UserId != 0 && _state.Get("TERM").Contains("-256color", StringComparison.Ordinal);
        if (isColored)
        {
            prompt = $"\x1b[01;32m{_visit.UserName}@{_hostName}\x1b[00m:\x1b[01;34m{folder}\x1b[00m$ ";
        }

        return WriteAsync((_state.Get("TERM") is "dumb" ? "" : "\x1b[?2004h") + (isXterm ? $"\x1b]0;{where}\a" : "") + prompt, cancellation);
    }

    private async ValueTask FlushAsync(StringBuilder echo, CancellationToken cancellation)
    {
        if (echo.Length > 0)
        {
            await WriteAsync(echo.ToString(), cancellation);
            echo.Clear();
        }
    }

    private ValueTask WriteAsync(string text, CancellationToken cancellation) => _state.Io.WriteAsync(Encoding.Latin1.GetBytes(text), cancellation);
}
