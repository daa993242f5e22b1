using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.Shell.Commands;
using Blackwall.Tarpit.Shell.Syntax;

namespace Blackwall.Tarpit.Shell;

/// <summary>Simple commands: assignments, functions, builtins, programs and scripts.</summary>
internal sealed partial class Interpreter
{
    private async Task RunSimpleAsync(SimpleCommand command, CancellationToken cancellation)
    {
        IReadOnlyList<string> raw = command.Words;
        if (raw.Count > 0 && _state.Aliases.TryGetValue(raw[0], out string? alias))
        {
            raw = [.. alias.Split(' ', StringSplitOptions.RemoveEmptyEntries), .. raw.Skip(1)];
        }

        List<string> words = await _expander.WordsAsync(raw, cancellation);
        await using Redirections redirections = new(_state, _expander, Streams);
        if (await redirections.ApplyAsync(command.Redirections, cancellation) is not { } streams)
        {
            _state.Status = 1;
            return;
        }

        if (words.Count == 0)
        {
            _state.Status = 0;
            foreach (string assignment in command.Assignments)
            {
                await AssignAsync(assignment, cancellation);
            }

            return;
        }

        // Variables before a command are its own.
        Dictionary<string, string?> before = new(StringComparer.Ordinal);
        foreach (string assignment in command.Assignments)
        {
            string name = assignment[..assignment.IndexOf('=', StringComparison.Ordinal)].TrimEnd('+');
            before.TryAdd(name, _state.Variables.GetValueOrDefault(name));
            await AssignAsync(assignment, cancellation);
        }

        await CallAsync(words, streams, cancellation);
        foreach ((string name, string? value) in before)
        {
            if (value is null)
            {
                _state.Variables.Remove(name);
            }
            else
            {
                _state.Variables[name] = value;
            }
        }
    }

    /// <summary>Runs a command by its words.</summary>
    public async Task CallAsync(IReadOnlyList<string> words, ShellStreams streams, CancellationToken cancellation)
    {
        string name = words[0];
        string[] arguments = [.. words.Skip(1)];
        if (_state.Functions.TryGetValue(name, out Command? function))
        {
            await CallFunctionAsync(function, arguments, streams, cancellation);
            return;
        }

        Invocation invocation = new(name, arguments, streams, _state, this, cancellation);
        if (await TryControlAsync(invocation))
        {
            return;
        }

        if (Catalogue.Builtins.TryGetValue(name, out CommandBody? builtin))
        {
            await RunBodyAsync(builtin, invocation);
            return;
        }

        await RunProgramAsync(invocation);
    }

    private async Task RunBodyAsync(CommandBody body, Invocation invocation)
    {
        try
        {
            _state.Status = await body(invocation);
        }
        catch (BrokenPipeException) when (invocation.Streams.Output is not BufferOutput)
        {
            _state.Status = 141;
        }
    }

    private async Task CallFunctionAsync(Command body, string[] arguments, ShellStreams streams, CancellationToken cancellation)
    {
        IReadOnlyList<string> before = _state.Arguments;
        _state.Arguments = arguments;
        await RunWithAsync(body, streams, cancellation);
        _state.Arguments = before;
        _jump = _jump == Jump.Return ? Jump.None : _jump;
    }

    private async ValueTask<bool> TryControlAsync(Invocation invocation)
    {
        int number = invocation.Arguments.Count > 0 && int.TryParse(invocation.Arguments[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int given) ? given : -1;
        switch (invocation.Name)
        {
            case "break" or "continue":
                (_jump, _jumpLevels) = (invocation.Name is "break" ? Jump.Break : Jump.Continue, Math.Max(1, number));
                _state.Status = 0;
                return true;
            case "return":
                _jump = Jump.Return;
                _state.Status = number >= 0 ? number & 0xFF : _state.Status;
                return true;
            case "exit" or "logout":
                _jump = Jump.Exit;
                _state.Status = invocation.Arguments.Count > 0 ? number & 0xFF : _state.Status;
                return true;
            case "exec":
                if (invocation.Arguments.Count > 0)
                {
                    await CallAsync(invocation.Arguments, invocation.Streams, invocation.Cancellation);
                    _jump = Jump.Exit;
                }

                return true;
            case "eval":
                await EvaluateAsync(string.Join(' ', invocation.Arguments), invocation);
                return true;
            case "." or "source":
                await SourceAsync(invocation);
                return true;
            default:
                return false;
        }
    }

    private async ValueTask EvaluateAsync(string text, Invocation invocation)
    {
        ShellStreams before = Streams;
        Streams = invocation.Streams;
        if (++_state.Depth < Deepest)
        {
            await RunTextAsync(text, invocation.Cancellation);
        }

        _state.Depth--;
        Streams = before;
    }

    private async ValueTask SourceAsync(Invocation invocation)
    {
        string file = invocation.Arguments.Count > 0 ? invocation.Arguments[0] : "";
        FileError error = _state.Files.Read(_state.Path(file), out byte[] content);
        if (error != FileError.None)
        {
            _state.Status = 1;
            await invocation.Streams.Error.WriteAsync($"{_state.Name}: {file}: {error.Text()}\n", invocation.Cancellation);
            return;
        }

        await EvaluateAsync(Encoding.Latin1.GetString(content), invocation);
        _jump = _jump == Jump.Return ? Jump.None : _jump;
    }

    private async ValueTask AssignAsync(string assignment, CancellationToken cancellation)
    {
        int equals = assignment.IndexOf('=', StringComparison.Ordinal);
        bool appends = assignment[equals - 1] == '+';
        string name = assignment[..(appends ? equals - 1 : equals)];
        string value = await _expander.TextAsync(assignment[(equals + 1)..], cancellation);
        _state.Set(name, appends ? _state.Get(name) + value : value);
    }

    private async Task RunProgramAsync(Invocation invocation)
    {
        string name = invocation.Name;
        bool isPath = name.Contains('/', StringComparison.Ordinal);
        string? path = isPath ? _state.Path(name) : Find(name);
        (string Path, Node? Node)? place = path is null ? null : _state.Files.Resolve(path, follow: true, out _);
        switch (place?.Node)
        {
            case null:
                _state.Status = 127;
                _state.Log.Record(new Observation(ObservationKinds.UnknownCommand) { Text = name });
                await invocation.Streams.Error.WriteAsync(isPath ? $"{_state.Name}: {name}: No such file or directory\n" : NotFound(name), invocation.Cancellation);
                return;
            case FolderNode:
                _state.Status = 126;
                await invocation.Streams.Error.WriteAsync($"{_state.Name}: {name}: Is a directory\n", invocation.Cancellation);
                return;
            case FileNode file when !Access.MayExecute(file, _state.Visit.UserId):
                _state.Status = 126;
                await invocation.Streams.Error.WriteAsync($"{_state.Name}: {name}: Permission denied\n", invocation.Cancellation);
                return;
            case FileNode { Content: Binary binary }:
                string known = binary.Name;
                if (Catalogue.Programs.TryGetValue(known, out CommandBody? body) || Catalogue.Builtins.TryGetValue(known, out body))
                {
                    await RunBodyAsync(body, invocation);
                }
                else
                {
                    _state.Status = 0;
                }

                return;
            case FileNode file:
                await RunFileAsync(file.Content.Read(), invocation);
                return;
            default:
                _state.Status = 126;
                return;
        }
    }

    /// <summary>A script, or a program that somebody brought, which does nothing here.</summary>
    public async Task RunFileAsync(byte[] content, Invocation invocation)
    {
        if (content.AsSpan().StartsWith("\x7f"u8))
        {
            _state.Log.Record(new Observation(ObservationKinds.Command) { Text = $"{invocation.Name} {string.Join(' ', invocation.Arguments)}".Trim(), Name = "uploaded-program" });
            await Task.Delay(TimeSpan.FromSeconds(0.2 * _state.Visit.Settings.DelayScale), _state.Visit.Machine.Time, invocation.Cancellation);
            _state.Status = 0;
            return;
        }

        if (content.AsSpan(0, Math.Min(content.Length, 80)).Contains((byte)0))
        {
            _state.Status = 126;
            await invocation.Streams.Error.WriteAsync($"{_state.Name}: {invocation.Name}: cannot execute binary file: Exec format error\n", invocation.Cancellation);
            return;
        }

        ShellState script = _state.Copy();
        script.Name = invocation.Name;
        script.Arguments = invocation.Arguments;
        script.Depth++;
        if (script.Depth > Deepest)
        {
            _state.Status = 1;
            return;
        }

        await new Interpreter(script, invocation.Streams).RunTextAsync(Encoding.Latin1.GetString(content), invocation.Cancellation);
        _state.Status = script.Status;
    }

    /// <summary>Where a name is on the PATH; null: nowhere.</summary>
    public string? Find(string name) => name.Length == 0 ? null
        : _state.Get("PATH").Split(':').Select(folder => FileSystem.Normalize(name, folder)).FirstOrDefault(path => _state.Files.Find(path) is FileNode);

    private string NotFound(string name) => _state.Io.Terminal is not null && _state.Visit.UserName.Length > 0
        ? $"{name}: command not found\n"
        : string.Create(CultureInfo.InvariantCulture, $"{_state.Name}: line 1: {name}: command not found\n");
}
