using System.Text;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.Shell.Expansion;
using Blackwall.Tarpit.Shell.Syntax;

namespace Blackwall.Tarpit.Shell;

/// <summary>The streams of one command with its redirections; files are written when it ends.</summary>
internal sealed class Redirections(ShellState state, Expander expander, ShellStreams streams) : IAsyncDisposable
{
    private const int LargestFile = 4 << 20;

    private readonly List<(string Path, BufferOutput Output, bool Append)> _files = [];

    /// <summary>Null: one failed; its error was written.</summary>
    public async ValueTask<ShellStreams?> ApplyAsync(IReadOnlyList<Redirection> redirections, CancellationToken cancellation)
    {
        ShellStreams result = streams;
        foreach (Redirection redirection in redirections)
        {
            if (redirection.Operator is "<<" or "<<<")
            {
                string text = redirection.Operator is "<<<" ? await expander.TextAsync(redirection.Target, cancellation) + "\n"
                    : redirection.IsLiteral ? redirection.Target : await expander.DocumentAsync(redirection.Target, cancellation);
                result = result with { Input = ShellInput.From(Encoding.Latin1.GetBytes(text)) };
                continue;
            }

            string target = await expander.TextAsync(redirection.Target, cancellation);
            switch (redirection.Operator)
            {
                case ">&" or "<&":
                    result = target switch
                    {
                        "1" when redirection.Descriptor == 2 => result with { Error = result.Output },
                        "2" when redirection.Descriptor == 1 => result with { Output = result.Error },
                        "-" => redirection.Descriptor == 2 ? result with { Error = NoOutput.Instance } : result with { Output = NoOutput.Instance },
                        _ => result,
                    };
                    break;
                case "<":
                    if (await OpenAsync(target, cancellation) is not { } input)
                    {
                        return null;
                    }

                    result = result with { Input = input };
                    break;
                default:
                    if (await CreateAsync(target, redirection.Operator is ">>", cancellation) is not { } output)
                    {
                        return null;
                    }

                    result = redirection.Descriptor switch
                    {
                        2 => result with { Error = output },
                        -1 => result with { Output = output, Error = output },
                        0 or 1 => result with { Output = output },
                        _ => result,
                    };
                    break;
            }
        }

        return result;
    }

    public async ValueTask DisposeAsync()
    {
        foreach ((string path, BufferOutput output, bool append) in _files)
        {
            byte[] content = output.ToArray();
            if (append && state.Files.Read(path, out byte[] before) == FileError.None)
            {
                content = [.. before, .. content];
            }

            FileError error = state.Files.Write(path, content, state.Visit.UserId, state.Visit.UserId);
            if (error == FileError.None && content.Length > 0)
            {
                string hash = state.Log.SaveFile(path, content);
                state.Log.Record(new Observation(ObservationKinds.Upload) { Name = path, Sha256 = hash, Size = content.Length, Method = "shell" });
            }
            else if (error != FileError.None)
            {
                await streams.Error.WriteAsync($"{state.Name}: {path}: {error.Text()}\n", CancellationToken.None);
            }
        }
    }

    private async ValueTask<ShellInput?> OpenAsync(string target, CancellationToken cancellation)
    {
        if (target.StartsWith("/dev/tcp/", StringComparison.Ordinal) || target.StartsWith("/dev/udp/", StringComparison.Ordinal))
        {
            await RefuseConnectionAsync(target, cancellation);
            return null;
        }

        FileError error = state.Files.Read(state.Path(target), out byte[] content);
        if (error == FileError.None)
        {
            return ShellInput.From(content);
        }

        await streams.Error.WriteAsync($"{state.Name}: {target}: {error.Text()}\n", cancellation);
        return null;
    }

    private async ValueTask<ShellOutput?> CreateAsync(string target, bool append, CancellationToken cancellation)
    {
        if (target.StartsWith("/dev/tcp/", StringComparison.Ordinal) || target.StartsWith("/dev/udp/", StringComparison.Ordinal))
        {
            await RefuseConnectionAsync(target, cancellation);
            return null;
        }

        if (target is "/dev/null")
        {
            return NoOutput.Instance;
        }

        if (target is "/dev/stdout" or "/dev/tty" or "/proc/self/fd/1")
        {
            return streams.Output;
        }

        if (target is "/dev/stderr")
        {
            return streams.Error;
        }

        string path = state.Path(target);
        FileError error = Check(path);
        if (error != FileError.None)
        {
            await streams.Error.WriteAsync($"{state.Name}: {target}: {error.Text()}\n", cancellation);
            return null;
        }

        BufferOutput output = new(LargestFile);
        if (!append)
        {
            state.Files.Write(path, [], state.Visit.UserId, state.Visit.UserId);
        }

        _files.Add((path, output, append));
        return output;
    }

    private FileError Check(string path)
    {
        if (state.Files.Resolve(path, follow: true, out FileError error) is not { } place)
        {
            return error;
        }

        if (place.Node is FolderNode)
        {
            return FileError.IsFolder;
        }

        Node? governing = place.Node ?? state.Files.Find(place.Path[..Math.Max(1, place.Path.LastIndexOf('/'))]);
        return governing is null ? FileError.NotFound : Access.MayWrite(governing, state.Visit.UserId) ? FileError.None : FileError.NotPermitted;
    }

    private async ValueTask RefuseConnectionAsync(string target, CancellationToken cancellation)
    {
        state.Log.Record(new Observation(ObservationKinds.Download) { Name = "bash", Text = target });
        await Task.Delay(TimeSpan.FromSeconds(3 * state.Visit.Settings.DelayScale), state.Visit.Machine.Time, cancellation);
        await streams.Error.WriteAsync($"{state.Name}: connect: Connection timed out\n{state.Name}: {target}: Connection timed out\n", cancellation);
    }
}
