using System.Text;
using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.Sessions;
using Blackwall.Tarpit.Shell.Commands;
using Blackwall.Tarpit.Shell.Execution;
using Blackwall.Tarpit.Shell.Prompting;

namespace Blackwall.Tarpit.Shell;

/// <summary>bash at a terminal, or dash, which has neither history nor PROMPT_COMMAND: message of the day, start files, prompt, keys, history, ^C, ^Z and ^D.</summary>
internal sealed class LoginShell
{
    private const int LongestCommand = 256 * 1024;
    private const int Interrupt = 2;

    private readonly Visit _visit;
    private readonly ShellState _state;
    private readonly bool _isLogin;
    private readonly Interpreter _interpreter;
    private readonly LineEditor _editor;
    private readonly StringBuilder _command = new();
    private readonly Keyboard _keyboard;
    private readonly HistoryFile _history;
    private readonly HistoryKeeper _kept;
    private readonly HistoryExpansion _expansion;
    private readonly PromptWriter _prompt;
    private readonly InterruptibleRunner _runner;
    private int _line = 1;

    public LoginShell(Visit visit, ShellState state, Keyboard keyboard, bool isLogin)
    {
        (_visit, _state, _keyboard, _isLogin) = (visit, state, keyboard, isLogin);
        state.History = new CommandHistory();
        _interpreter = SubshellRunner.Begin(state, new ShellStreams(ShellInput.From(new TerminalInput(state.Io), state.Turns), new PeerOutput(state.Io, isError: false), new PeerOutput(state.Io, isError: true)));
        _editor = new LineEditor(state.History);
        state.IsInteractive = true;
        state.Options.UnionWith(state.IsDash ? ["expand_aliases", "monitor"] : ["expand_aliases", "histexpand", "monitor", "emacs", "history"]);
        if (isLogin)
        {
            state.Options.Add("login_shell");
        }

        state.Set("PS1", !state.IsDash ? "\\s-\\v\\$ " : visit.UserId == 0 ? "# " : "$ ");
        state.Set("PS2", "> ");
        _history = new HistoryFile(state);
        _kept = new HistoryKeeper(state);
        _expansion = new HistoryExpansion(state.History);
        _prompt = new PromptWriter(state, _interpreter);
        _runner = new InterruptibleRunner(state, _interpreter, keyboard);
    }

    /// <summary>Greets, and runs until it is left.</summary>
    public async Task<ExitStatus> RunAsync(CancellationToken cancellation)
    {
        _keyboard.Use = KeyboardUse.Raw;
        await WriteAsync(World.Greeting.Text(_visit), cancellation);
        try
        {
            return await LoopAsync(readsFiles: true, cancellation);
        }
        finally
        {
            _state.Turns.StopAll();
        }
    }

    /// <summary>A shell that another one runs.</summary>
    /// <param name="readsFiles">The files that it runs when it begins (--norc has none).</param>
    public async Task<ExitStatus> RunNestedAsync(bool readsFiles, CancellationToken cancellation)
    {
        KeyboardUse before = _keyboard.Use;
        _keyboard.Use = KeyboardUse.Raw;
        try
        {
            return await LoopAsync(readsFiles, cancellation);
        }
        finally
        {
            _keyboard.Use = before;
        }
    }

    private async Task<ExitStatus> LoopAsync(bool readsFiles, CancellationToken cancellation)
    {
        try
        {
            foreach (string file in readsFiles ? StartFiles.Begin(_state, _isLogin) : [])
            {
                await _runner.RunAsync(file, cancellation);
            }

            if (!_state.IsDash)
            {
                _history.Load();
            }

            _editor.Clear();
            _state.Status = 0;
            ExitStatus status = await ReadKeysAsync(cancellation);
            foreach (string file in _isLogin ? StartFiles.End(_state) : [])
            {
                await _runner.RunAsync(file, cancellation);
            }

            return status;
        }
        finally
        {
            if (!_state.IsDash)
            {
                _history.Save();
            }

            _interpreter.ReleaseStreams();
        }
    }

    private async Task<ExitStatus> ReadKeysAsync(CancellationToken cancellation)
    {
        byte[] buffer = new byte[1];
        if (!_interpreter.HasExited)
        {
            await PromptAsync(cancellation);
        }

        while (!_interpreter.HasExited)
        {
            if (await _state.Io.ReadAsync(buffer, cancellation) == 0)
            {
                return new ExitStatus(_state.Status);
            }

            // One key at a time: what follows the end of a line is for the command.
            await HandleKeyAsync(buffer[0], cancellation);
        }

        if (_state.Traps.Get(0) is not null)
        {
            await _runner.RunAsync(null, cancellation);
        }

        return new ExitStatus(_state.Status);
    }

    private async Task HandleKeyAsync(byte key, CancellationToken cancellation)
    {
        StringBuilder echo = new();
        LineEditor.Result result = _editor.HandleKey(key, echo);
        if (_editor.Completes is { } before)
        {
            await CompleteAsync(before, echo, cancellation);
        }
        else if (_editor.ClearsScreen || _editor.EndsSearch)
        {
            await FlushAsync(echo.Append(_editor.ClearsScreen ? "\x1b[H\x1b[2J" : ""), cancellation);
            _editor.EndsSearch = false;
            await _prompt.RepeatAsync(cancellation);
            echo.Append(_editor.Shown).Append(result == LineEditor.Result.Line ? "\r\n" : "");
        }

        switch (result)
        {
            case LineEditor.Result.Line:
                _keyboard.Use = _runner.Keys;
                await FlushAsync(_keyboard.Mode.Echoes ? echo.Append(PasteEnd) : echo.Clear().Append(PasteEnd).Append("\r\n"), cancellation, isShown: true);
                await HandleLineAsync(cancellation);
                break;
            case LineEditor.Result.Interrupted:
                await FlushAsync(echo, cancellation);
                await InterruptAsync(cancellation);
                break;
            case LineEditor.Result.EndOfInput:
                await WriteAsync(PasteEnd + "\r\n", cancellation);
                await EndInputAsync(cancellation);
                break;
            default:
                await FlushAsync(echo, cancellation);
                break;
        }
    }

    private async Task InterruptAsync(CancellationToken cancellation)
    {
        _state.Status = 128 + Interrupt;
        _command.Clear();
        _kept.Drop();
        _editor.Clear();
        if (_state.Traps.Get(Interrupt) is { Length: > 0 } trap)
        {
            await _runner.RunAsync(trap, cancellation);
        }

        await PromptAsync(cancellation);
    }

    // ^D ends the shell, or a command that is not complete as it is: a here-document with a warning.
    private async Task EndInputAsync(CancellationToken cancellation)
    {
        if (_command.Length == 0)
        {
            await _runner.RunAsync("exit", cancellation);
        }
        else
        {
            await RunCommandAsync(cancellation);
        }

        if (!_interpreter.HasExited)
        {
            _state.CommandNumber++;
            await PromptAsync(cancellation);
        }
    }

    private async Task HandleLineAsync(CancellationToken cancellation)
    {
        string line = _editor.Line;
        _editor.Clear();
        if (_state.Has("histexpand") && !await TryExpandAsync(cancellation))
        {
            return;
        }

        _kept.AddLine(line, _command.ToString());
        _command.Append(line);
        if (_command.Length < LongestCommand && _command.ToString() is { } whole && whole.Trim().Length > 0 && !Syntax.Parser.IsComplete(whole + "\n"))
        {
            _command.Append('\n');
            _keyboard.Use = KeyboardUse.Raw;
            await _prompt.WriteAsync("PS2", cancellation);
            return;
        }

        await RunCommandAsync(cancellation);
        if (!_interpreter.HasExited)
        {
            await PromptAsync(cancellation);
        }

        async Task<bool> TryExpandAsync(CancellationToken cancellation)
        {
            bool isDocument = _command.Length > 0 && _command.ToString().Contains("<<", StringComparison.Ordinal);
            HistoryExpansion.Result expanded = isDocument ? new(line) : _expansion.Expand(line, HistoryExpansion.OpenQuote(_command.ToString()), _state.Find("histchars") ?? "!^#", _state.Has("extglob"));
            if (expanded.IsError)
            {
                _command.Clear();
                _kept.Drop();
                await WriteAsync($"{_state.Name}: {expanded.Text}\r\n", cancellation);
                await PromptAsync(cancellation);
                return false;
            }

            if (expanded.IsChanged && _state.Has("histverify") && !expanded.IsPrinted)
            {
                _editor.Set(expanded.Text);
                _keyboard.Use = KeyboardUse.Raw;
                await _prompt.RepeatAsync(cancellation);
                await WriteAsync(expanded.Text, cancellation);
                return false;
            }

            line = expanded.Text;
            if (expanded.IsChanged)
            {
                await WriteAsync(line + "\r\n", cancellation);
            }

            if (expanded.IsPrinted)
            {
                _kept.AddLine(line, _command.ToString());
                _kept.Finish();
                _command.Clear();
                _editor.Clear();
                await PromptAsync(cancellation);
                return false;
            }

            return true;
        }
    }

    private async Task RunCommandAsync(CancellationToken cancellation)
    {
        string command = _command.ToString();
        _command.Clear();
        _kept.Finish();
        _editor.Clear();
        if (command.Trim().Length > 0)
        {
            _state.Log.Record(new Observation(ObservationKinds.Command) { Text = Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(command)) });
            await _runner.RunAsync(command, cancellation, _line);
            _state.CommandNumber++;
            _line += _state.IsDash ? command.Count(c => c == '\n') + 1 : 0;
        }
    }

    private async ValueTask CompleteAsync(string before, StringBuilder echo, CancellationToken cancellation)
    {
        Completion completion = Completion.Of(_state, before, _editor.IsCommandWord);
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
            await _prompt.RepeatAsync(cancellation);
            echo.Append(_editor.Shown);
        }
    }

    // What ended meanwhile is told, PROMPT_COMMAND runs, and then the prompt comes.
    private async ValueTask PromptAsync(CancellationToken cancellation)
    {
        await WriteAsync(JobBuiltins.Finished(_state).Replace("\n", "\r\n", StringComparison.Ordinal), cancellation);
        if (_state.Io.Terminal is { } terminal && _state.Has("checkwinsize"))
        {
            _state.Set("COLUMNS", terminal.Columns.ToString(System.Globalization.CultureInfo.InvariantCulture));
            _state.Set("LINES", terminal.Rows.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        string?[] commands = _state.IsDash ? [] : _state.Variables.Find("PROMPT_COMMAND")?.Array is { } list ? [.. list.Values] : [_state.Find("PROMPT_COMMAND")];
        (int status, IReadOnlyList<int> statuses) = (_state.Status, _state.PipeStatus);
        foreach (string? command in commands)
        {
            if (!string.IsNullOrWhiteSpace(command))
            {
                await _runner.RunAsync(command, cancellation);
                (_state.Status, _state.PipeStatus) = (status, statuses);
            }
        }

        _keyboard.Use = KeyboardUse.Raw;
        await _prompt.WriteAsync("PS1", cancellation);
    }

    private string PasteEnd => _state.IsDash || _state.Get("TERM") is "dumb" ? "" : "\x1b[?2004l\r";

    private async ValueTask FlushAsync(StringBuilder echo, CancellationToken cancellation, bool isShown = false)
    {
        if (echo.Length > 0)
        {
            await WriteAsync(isShown || _keyboard.Mode.Echoes ? echo.ToString() : "", cancellation);
            echo.Clear();
        }
    }

    private ValueTask WriteAsync(string text, CancellationToken cancellation) => text.Length == 0 ? default : _state.Io.WriteAsync(Encoding.Latin1.GetBytes(text), cancellation);
}
