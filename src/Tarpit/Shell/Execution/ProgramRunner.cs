using System.Text;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Execution;

/// <summary>Finds and runs programs and scripts of the machine and of the peer.</summary>
internal sealed class ProgramRunner(ShellState state)
{
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
            string where = Catalogue.Builtins.ContainsKey(invocation.Name) ? state.Where : "";
            await invocation.Streams.Error.WriteAsync($"{where}{invocation.Name}: write error: {e.Message}\n", invocation.Cancellation);
        }
        catch (MemoryExhaustedException e)
        {
            state.Status = 2;
            await invocation.FailAsync(e.Message);
        }
        catch (System.Text.RegularExpressions.RegexMatchTimeoutException)
        {
            state.Status = 2;
        }
        catch (BrokenPipeException) when (invocation.Streams.Output is not BufferOutput || !Catalogue.Builtins.ContainsKey(invocation.Name))
        {
            state.Status = 141;
        }
    }

    /// <summary>Runs what a name or a path stands for.</summary>
    public async Task RunAsync(Invocation invocation)
    {
        string name = invocation.Name;
        bool isPath = name.Contains('/', StringComparison.Ordinal);
        string? path = isPath ? state.Path(name) : Find(name);
        (string Path, Node? Node)? place = path is null ? null : state.Files.Resolve(path, follow: true, out _);
        switch (place?.Node)
        {
            case null:
                state.Status = 127;
                state.Log.Record(new Observation(ObservationKinds.UnknownCommand) { Text = name });
                await invocation.Streams.Error.WriteAsync(isPath ? $"{state.Where}{name}: No such file or directory\n" : NotFound(name), invocation.Cancellation);
                return;
            case FolderNode:
                state.Status = 126;
                await invocation.Streams.Error.WriteAsync($"{state.Where}{name}: Is a directory\n", invocation.Cancellation);
                return;
            case FileNode file when !Access.MayExecute(file, state.Visit.UserId):
                state.Status = 126;
                await invocation.Streams.Error.WriteAsync($"{state.Where}{name}: Permission denied\n", invocation.Cancellation);
                return;
            case FileNode { Content: Binary binary }:
                string known = CalledAs(name, path!, binary);
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

        ShellState script = state.CopyForProgram();
        script.Name = invocation.Name;
        script.Arguments = invocation.Arguments;
        if (++script.Depth > ShellState.MostNested)
        {
            state.Status = 1;
            return;
        }

        Interpreter shell = new(script, invocation.Streams);
        await shell.RunTextAsync(Encoding.Latin1.GetString(content), invocation.Cancellation);
        await shell.EndAsync(invocation.Cancellation);
        state.Status = script.Status;
    }

    /// <summary>The path of a program on the PATH; null: it is not there.</summary>
    public string? Find(string name) => name.Length == 0 ? null
        : state.Get("PATH").Split(':').Select(folder => FileSystem.Normalize(name, folder)).FirstOrDefault(path => state.Files.Find(path) is FileNode);

    private string NotFound(string name) => state.IsInteractive ? MissingPrograms.Hint(name) : $"{state.Where}{name}: command not found\n";
}
