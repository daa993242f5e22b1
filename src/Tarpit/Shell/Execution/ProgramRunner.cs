using System.Text;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.Shell.Commands;
using Blackwall.Tarpit.World.State;

namespace Blackwall.Tarpit.Shell.Execution;

/// <summary>Finds and runs programs and scripts of the machine and of the peer.</summary>
internal sealed class ProgramRunner(ShellState state)
{
    private const int BrokenPipeSignal = 13;

    /// <summary>Runs a builtin or a program that is part of the machine.</summary>
    public async Task RunBodyAsync(CommandBody body, Invocation invocation)
    {
        try
        {
            state.Status = await body(invocation);
        }
        catch (WriteErrorException e)
        {
            state.Status = 1;
            string where = NameBuiltins.IsBuiltin(invocation.Name) ? state.Where : "";
            await invocation.Streams.Error.WriteAsync($"{where}{invocation.Name}: write error: {e.Message}\n", invocation.Cancellation);
        }
        catch (MemoryExhaustedException e)
        {
            state.Status = 2;
            await invocation.FailAsync(e.Message);
        }
        catch (ShellErrorException e) when (e is { IsReadOnly: true, Exits: null, IsTold: false } && invocation.Name is "read" or "printf" or "getopts")
        {
            state.Status = invocation.Name is "getopts" ? 2 : 1;
            await invocation.Streams.Error.WriteAsync($"{state.Where}{e.Message}\n", invocation.Cancellation);
        }
        catch (System.Text.RegularExpressions.RegexMatchTimeoutException)
        {
            state.Status = 2;
        }
        catch (Exception e) when (e is NullReferenceException or IndexOutOfRangeException or ArgumentException or InvalidOperationException or KeyNotFoundException or FormatException or ArithmeticException or InvalidCastException)
        {
            // A fault of ours: the owner is told, and the visitor sees what a fault of a program looks like.
            state.Log.Record(new Observation(ObservationKinds.Limit) { Name = e.GetType().Name, Text = e.StackTrace?.Split('\n')[0].Trim() });
            state.Status = 139;
            await invocation.Streams.Error.WriteAsync("Segmentation fault (core dumped)\n", invocation.Cancellation);
        }
        catch (BrokenPipeException) when (state.Traps.Get(BrokenPipeSignal) is not null)
        {
            state.Status = 1;
            string where = NameBuiltins.IsBuiltin(invocation.Name) ? state.Where : "";
            await invocation.Streams.Error.WriteAsync($"{where}{invocation.Name}: write error: Broken pipe\n", invocation.Cancellation);
        }
        catch (BrokenPipeException) when (invocation.Streams.Output is not (BufferOutput or PipeOutput) || !NameBuiltins.IsBuiltin(invocation.Name))
        {
            state.Status = 141;
        }
        finally
        {
            invocation.Release();
        }
    }

    /// <summary>Runs what a name or a path stands for.</summary>
    public async Task RunAsync(Invocation invocation)
    {
        string name = invocation.Name;
        bool isPath = name.Contains('/', StringComparison.Ordinal);
        string? path = isPath ? state.Path(name) : Hashed(name);
        (string Path, Node? Node)? place = path is null ? null : state.Files.Resolve(path, follow: true, out _);
        switch (place?.Node)
        {
            case null when !isPath && path is not null:
                state.Status = 127;
                await invocation.Streams.Error.WriteAsync($"{state.Where}{path}: No such file or directory\n", invocation.Cancellation);
                return;
            case null:
                state.Status = 127;
                state.Log.Record(new Observation(ObservationKinds.UnknownCommand) { Text = name });
                await invocation.Streams.Error.WriteAsync(isPath ? $"{state.Where}{Shown(name)}: {(state.IsDash ? "not found" : "No such file or directory")}\n" : NotFound(name), invocation.Cancellation);
                return;
            case FolderNode:
                state.Status = 126;
                await invocation.Streams.Error.WriteAsync($"{state.Where}{name}: {(state.IsDash ? "Permission denied" : "Is a directory")}\n", invocation.Cancellation);
                return;
            case FileNode file when !Access.MayExecute(file, state.Visit.UserId):
                state.Status = 126;
                await invocation.Streams.Error.WriteAsync($"{state.Where}{name}: Permission denied\n", invocation.Cancellation);
                return;
            case FileNode { Content: Binary binary }:
                string known = CalledAs(name, path!, binary);
                string executable = place!.Value.Path;
                AskingProcess.Enter(() => Asking(invocation, executable));
                if (Catalogue.Programs.TryGetValue(known, out CommandBody? body) || Catalogue.Builtins.TryGetValue(known, out body))
                {
                    await RunBodyAsync(body, invocation);
                }
                else
                {
                    await RunBodyAsync(state.Visit.Improviser.RunAsync, invocation with { Name = known });
                }

                return;
            case FileNode file:
                await RunFileAsync(file.Content.Read(), invocation);
                return;
            default:
                state.Status = 126;
                return;
        }
    }

    // The program as /proc has it while it runs.
    private RunningProcess Asking(Invocation invocation, string executable)
    {
        Visit visit = state.Visit;
        int id = visit.Memory.NextProcess();
        string[] words = [invocation.CalledAs ?? invocation.Name, .. invocation.Arguments];
        RunningProcess process = new(id, state.OwnProcess ?? visit.ShellProcess, visit.UserName, visit.TerminalName.Length > 0 ? visit.TerminalName : "?", visit.Machine.Now, string.Join(' ', words), 2100)
        {
            Words = words, Executable = executable, Folder = state.Folder, Environment = () => string.Concat(state.Exported.Select(name => $"{name}={state.Get(name)}\0")),
        };
        string Target(int number, object stream) => stream switch
        {
            FileOutput file => file.File.Path,
            NoOutput => "/dev/null",
            PeerOutput or ShellInput { IsPeer: true } when visit.TerminalName.Length > 0 => "/dev/" + visit.TerminalName,
            _ => World.ProcFolder.Pipe(process, number),
        };
        List<(int, string)> open = [(0, Target(0, invocation.Streams.Input)), (1, Target(1, invocation.Streams.Output)), (2, Target(2, invocation.Streams.Error))];
        if (invocation.Name.Split('/')[^1] is "ls" or "find" or "du")
        {
            open.Add((3, $"/proc/{id.ToString(System.Globalization.CultureInfo.InvariantCulture)}/fd"));
        }

        return process with { Descriptors = open };
    }

    // A program with many names does what the name says that it is called by: through a link, or a copy of one that is made for it.
    private string CalledAs(string name, string path, Binary binary)
    {
        string called = name.Split('/')[^1];
        return (binary.Name is "busybox" && !Catalogue.Programs.ContainsKey(called)) || !(binary.Name is "busybox" || state.Files.Find(path, follow: false) is LinkNode) || !Catalogue.Programs.ContainsKey(called) ? binary.Name : called;
    }

    /// <summary>Runs the content of a file: a script, or a program of the peer, which does nothing here.</summary>
    public async Task RunFileAsync(byte[] content, Invocation invocation)
    {
        if (content.AsSpan().StartsWith("\x7f"u8))
        {
            state.Log.Record(new Observation(ObservationKinds.Command) { Text = $"{invocation.Name} {string.Join(' ', invocation.Arguments)}".Trim(), Name = "uploaded-program" });
            await Task.Delay(TimeSpan.FromSeconds(0.2 * state.Visit.Settings.DelayScale), state.Visit.Machine.Time, invocation.Cancellation);
            // It says nothing and goes on in the background, as those that attackers bring do.
            state.Visit.Memory.Processes.Start($"{invocation.Name} {string.Join(' ', invocation.Arguments)}".Trim(), state.Visit.UserName, 1, "?", state.Folder, load: 96.4, memory: 18_400);
            state.Status = 0;
            return;
        }

        if (content.AsSpan(0, Math.Min(content.Length, 80)).Contains((byte)0))
        {
            state.Status = 126;
            await invocation.Streams.Error.WriteAsync($"{state.Where}{invocation.Name}: cannot execute binary file: Exec format error\n", invocation.Cancellation);
            return;
        }

        if (await TryInterpreterAsync(content, invocation))
        {
            return;
        }

        ShellState script = state.CopyForProgram();
        script.Name = invocation.Name;
        script.IsDash = Shebang(content) is [var shell, ..] && DashDialect.IsName(shell);
        script.Arguments = invocation.Arguments;
        if (++script.Depth > ShellState.MostNested)
        {
            state.Status = 1;
            return;
        }

        script.IsScript = true;
        using IDisposable process = JobProcess.Begin(script, $"/bin/bash {invocation.Name}", invocation.Arguments);
        Interpreter interpreter = SubshellRunner.Begin(script, invocation.Streams);
        try
        {
            state.Status = await ShellProcesses.RunAsync(script, invocation.Streams, async stop =>
            {
                await interpreter.RunTextAsync(Encoding.Latin1.GetString(content), stop);
                await interpreter.EndAsync(stop);
            }, invocation.Cancellation);
        }
        finally
        {
            interpreter.ReleaseStreams();
        }
    }

    // The words after "#!" of a script; null: it has none.
    private static string[]? Shebang(byte[] content)
    {
        const int longest = 256;
        ReadOnlySpan<byte> line = content.AsSpan(0, Math.Min(content.Length, longest));
        line = line.IndexOf((byte)'\n') is >= 0 and var end ? line[..end] : line;
        return line.StartsWith("#!"u8) && Encoding.Latin1.GetString(line[2..]).Trim(' ', '\t', '\r') is { Length: > 0 } text ? text.Split((char[])[' ', '\t'], 2, StringSplitOptions.TrimEntries) : null;
    }

    // A script for another program than a shell: that program gets its path.
    private async ValueTask<bool> TryInterpreterAsync(byte[] content, Invocation invocation)
    {
        if (Shebang(content) is not { } words || state.Depth > ShellState.MostNested)
        {
            return false;
        }

        Node? program = state.Files.Find(state.Path(words[0]));
        if (program is not FileNode || !Access.MayExecute(program, state.Visit.UserId))
        {
            bool isMissing = program is null;
            state.Status = isMissing ? 127 : 126;
            await invocation.Streams.Error.WriteAsync(isMissing ? state.IsDash ? $"{state.Where}{invocation.Name}: not found\n" : $"{state.Where}{invocation.Name}: cannot execute: required file not found\n" : $"{state.Where}{invocation.Name}: {words[0]}: bad interpreter: Permission denied\n", invocation.Cancellation);
            return true;
        }

        string[] called = words is [['/', ..] path, var given] && path.EndsWith("/env", StringComparison.Ordinal) ? [.. given.Split(' ', StringSplitOptions.RemoveEmptyEntries).SkipWhile(word => word is "-S")] : words;
        if (called.Length == 0 || called[0].Split('/')[^1] is "sh" or "bash" or "dash" or "rbash")
        {
            return false;
        }

        state.Depth++;
        try
        {
            await RunAsync(invocation with { Name = called[0], Arguments = [.. called.Skip(1), invocation.Name, .. invocation.Arguments] });
        }
        finally
        {
            state.Depth--;
        }

        return true;
    }

    // Found once, it is looked for no more until PATH changes.
    private string? Hashed(string name)
    {
        const int most = 256;
        (string Path, int Hits) known = default;
        if (state.Hashed?.TryGetValue(name, out known) != true || (state.Has("checkhash") && state.Files.Find(known.Path) is null))
        {
            known = (Find(name) ?? "", 0);
        }

        if (known.Path.Length > 0 && (state.Hashed ??= new(StringComparer.Ordinal)).Count < most)
        {
            state.Hashed[name] = (known.Path, known.Hits + 1);
        }

        return known.Path.Length > 0 ? known.Path : null;
    }

    /// <summary>The path of a program on the PATH; null: it is not there.</summary>
    public string? Find(string name) => Find(state, name);

    /// <summary>The first that may be executed, or else the first.</summary>
    public static string? Find(ShellState state, string name)
    {
        string? first = null;
        foreach (string path in Search(state, name))
        {
            if (state.Files.Find(path) is { } node && Access.MayExecute(node, state.Visit.UserId))
            {
                return path;
            }

            first ??= path;
        }

        return first;
    }

    /// <summary>Files of this name in the folders of PATH.</summary>
    public static IEnumerable<string> Search(ShellState state, string name) => name.Length == 0 ? []
        : state.Get("PATH").Split(':').Select(folder => FileSystem.Normalize(name, state.Path(folder))).Where(path => state.Files.Find(path) is FileNode);

    // Control characters do not reach the terminal.
    private static string Shown(string name) => name.AsSpan().ContainsAnyInRange('\x01', '\x1f') || name.Contains('\x7f', StringComparison.Ordinal) ? Quoting.Of(name) : name;

    private string NotFound(string called) => NotFound(called, Shown(called));

    private string NotFound(string called, string name) => state.IsInteractive && !state.IsDash ? MissingPrograms.Hint(called) : state.Variables.Find("PATH") is null && !state.IsDash ? $"{state.Where}{name}: No such file or directory\n" : $"{state.Where}{name}: {(state.IsDash ? "" : "command ")}not found\n";
}
