using System.Globalization;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Recording;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>The remote side of legacy scp: -t receives files, -f sends them.</summary>
internal static class CopyCommand
{
    private static readonly byte[] Fine = [0];

    public static async ValueTask<int> RunAsync(Invocation i)
    {
        string target = i.Arguments.Count > 0 ? i.Arguments[^1] : ".";
        return i.Has('t') ? await ReceiveAsync(i, target) : i.Has('f') ? await SendAsync(i, target) : await ConnectAsync(i);
    }

    private static async ValueTask<int> ConnectAsync(Invocation i)
    {
        if (i.Operands.Count < 2)
        {
            await i.Streams.Error.WriteAsync("usage: scp [-346ABCOpqRrsTv] [-c cipher] [-D sftp_server_path] [-F ssh_config]\n           [-i identity_file] [-J destination] [-l limit] [-o ssh_option]\n           [-P port] [-S program] [-X sftp_option] source ... target\n", i.Cancellation);
            return 1;
        }

        return await Connections.SshCommand.RelativeAsync(i);
    }

    private static async ValueTask<int> ReceiveAsync(Invocation i, string target)
    {
        string folder = i.State.Path(target);
        Stack<string> folders = new();
        await i.Streams.Output.WriteAsync(Fine, i.Cancellation);
        while (await i.Streams.Input.ReadLineAsync(i.Cancellation) is { Length: > 0 } line)
        {
            string[] parts = line[1..].Split(' ', 3);
            switch (line[0])
            {
                case 'T':
                    break;
                case 'E':
                    folder = folders.Count > 0 ? folders.Pop() : folder;
                    break;
                case 'D' when parts.Length == 3:
                    folders.Push(folder);
                    folder = i.Files.Find(folder) is FolderNode ? FileSystem.Normalize(Plain(parts[2]), folder) : folder;
                    i.Files.MakeFolder(folder, i.State.Visit.UserId, i.State.Visit.UserId);
                    break;
                case 'C' when parts.Length == 3 && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out long size) && size <= i.State.Visit.Settings.MaxVisitorBytes:
                    await i.Streams.Output.WriteAsync(Fine, i.Cancellation);
                    byte[] content = await i.Streams.Input.ReadExactlyAsync((int)size, i.Cancellation);
                    await i.Streams.Input.ReadExactlyAsync(1, i.Cancellation);
                    string path = i.Files.Find(folder) is FolderNode ? FileSystem.Normalize(Plain(parts[2]), folder) : folder;
                    FileError error = i.Files.Write(path, content, i.State.Visit.UserId, i.State.Visit.UserId, Mode(parts[0]));
                    if (error != FileError.None)
                    {
                        await i.PrintAsync($"\u0001scp: {target}: {error.Text()}\n");
                        continue;
                    }

                    i.State.Log.Record(new Observation(ObservationKinds.Upload) { Name = path, Sha256 = i.State.Log.SaveFile(path, content), Size = content.Length, Method = "scp" });
                    break;
                default:
                    await i.PrintAsync("\u0001scp: protocol error: unexpected <newline>\n");
                    return 1;
            }

            await i.Streams.Output.WriteAsync(Fine, i.Cancellation);
        }

        return 0;
    }

    private static async ValueTask<int> SendAsync(Invocation i, string source)
    {
        await i.Streams.Input.ReadExactlyAsync(1, i.Cancellation);
        FileError error = i.Read(source, out byte[] content);
        if (error != FileError.None)
        {
            await i.PrintAsync($"\u0001scp: {source}: {(error == FileError.IsFolder ? "not a regular file" : error.Text())}\n");
            return 1;
        }

        await i.PrintAsync(string.Create(CultureInfo.InvariantCulture, $"C0644 {content.Length} {source.Split('/')[^1]}\n"));
        await i.Streams.Input.ReadExactlyAsync(1, i.Cancellation);
        await i.Streams.Output.WriteAsync(content, i.Cancellation);
        await i.Streams.Output.WriteAsync(Fine, i.Cancellation);
        await i.Streams.Input.ReadExactlyAsync(1, i.Cancellation);
        return 0;
    }

    private static string Plain(string name) => name.Contains('/', StringComparison.Ordinal) || name is ".." ? "file" : name;

    private static int Mode(string text) => text.Length is > 0 and <= 4 && text.All(c => c is >= '0' and <= '7') ? Convert.ToInt32(text, 8) : 0x1A4;
}
