using System.Globalization;
using System.Net;
using System.Text;
using Blackwall.Tarpit.Detection;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Connections;

/// <summary>python3 -m http.server: a folder over HTTP, for the visitor's own programs.</summary>
internal static class FileServer
{
    private const int LongestHead = 16 * 1024;

    public static async ValueTask<int> RunAsync(Invocation i, IReadOnlyList<string> arguments)
    {
        OptionParsing options = new([.. arguments.Select(argument => argument is "--bind" ? "-b" : argument is "--directory" ? "-d" : argument)], "b:d:p:", isMixed: true);
        string port = options.Operands.FirstOrDefault("8000"), address = options.Value('b') ?? "0.0.0.0", folder = i.State.Path(options.Value('d') ?? ".");
        if (!int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number > ushort.MaxValue)
        {
            await i.Streams.Error.WriteAsync($"usage: server.py [-h] [--cgi] [-b ADDRESS] [-d DIRECTORY] [-p VERSION] [port]\nserver.py: error: argument port: invalid int value: '{port}'\n", i.Cancellation);
            return 2;
        }

        if (World.Sockets.IsTaken(i.State.Visit.Memory, number) || (number < 1024 && i.State.Visit.UserId != 0))
        {
            const string frames = "Traceback (most recent call last):\n  File \"<frozen runpy>\", line 198, in _run_module_as_main\n  File \"<frozen runpy>\", line 88, in _run_code\n  File \"/usr/lib/python3.12/http/server.py\", line 1314, in <module>\n    test(\n  File \"/usr/lib/python3.12/http/server.py\", line 1261, in test\n    with ServerClass(addr, HandlerClass) as httpd:\n         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n  File \"/usr/lib/python3.12/socketserver.py\", line 457, in __init__\n    self.server_bind()\n  File \"/usr/lib/python3.12/http/server.py\", line 1308, in server_bind\n    return super().server_bind()\n           ^^^^^^^^^^^^^^^^^^^^^\n  File \"/usr/lib/python3.12/http/server.py\", line 136, in server_bind\n    socketserver.TCPServer.server_bind(self)\n  File \"/usr/lib/python3.12/socketserver.py\", line 473, in server_bind\n    self.socket.bind(self.server_address)\n";
            await i.Streams.Error.WriteAsync(frames + (World.Sockets.IsTaken(i.State.Visit.Memory, number) ? "OSError: [Errno 98] Address already in use\n" : "PermissionError: [Errno 13] Permission denied\n"), i.Cancellation);
            return 1;
        }

        using Listening listening = Listening.Open(i, address, number, 5, $"python3 -m http.server {string.Join(' ', arguments)}".TrimEnd());
        await i.PrintAsync($"Serving HTTP on {address} port {listening.Port.ToString(CultureInfo.InvariantCulture)} (http://{address}:{listening.Port.ToString(CultureInfo.InvariantCulture)}/) ...\n");
        while (await listening.AcceptAsync(null, i.Cancellation) is { } stream)
        {
            await using (stream)
            {
                await ServeAsync(i, stream, folder);
            }
        }

        return 0;
    }

    private static async ValueTask ServeAsync(Invocation i, WireStream stream, string folder)
    {
        byte[] buffer = new byte[LongestHead];
        int length = 0;
        try
        {
            using CancellationTokenSource limit = new(TimeSpan.FromSeconds(20), i.Machine.Time);
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, i.Cancellation);
            while (length < buffer.Length && buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) < 0)
            {
                int got = 0;
                await i.State.Turns.OutsideAsync(async () => got = await stream.ReadAsync(buffer.AsMemory(length), either.Token));
                if (got == 0)
                {
                    return;
                }

                length += got;
            }

            string line = Encoding.Latin1.GetString(buffer, 0, length).Split("\r\n")[0];
            string[] words = line.Split(' ');
            (int status, string kind, byte[] body) = words.Length != 3 || !words[2].StartsWith("HTTP/", StringComparison.Ordinal) ? Fault(400, "Bad request syntax") : words[0] is not ("GET" or "HEAD") ? Fault(501, $"Unsupported method ('{words[0]}')") : Find(i, folder, Uri.UnescapeDataString(words[1].Split('?')[0]));
            string reason = status switch { 200 => "OK", 404 => "File not found", 501 => "Unsupported method", _ => "Bad request" };
            string head = string.Create(CultureInfo.InvariantCulture, $"HTTP/1.0 {status} {reason}\r\nServer: SimpleHTTP/0.6 Python/3.12.3\r\nDate: {i.Machine.Now.UtcDateTime:r}\r\nContent-type: {kind}\r\nContent-Length: {body.Length}\r\n\r\n");
            await i.State.Turns.OutsideAsync(() => stream.WriteAsync((byte[])[.. Encoding.Latin1.GetBytes(head), .. words[0] is "HEAD" ? [] : body], i.Cancellation).AsTask());
            stream.EndWriting();
            string when = $"{i.Machine.Now:dd/MMM/yyyy HH:mm:ss}";
            await i.Streams.Error.WriteAsync($"{(status == 200 ? "" : $"127.0.0.1 - - [{when}] code {status}, message {reason}\n")}127.0.0.1 - - [{when}] \"{line}\" {status} -\n", i.Cancellation);
        }
        catch (Exception e) when (e is IOException || (e is OperationCanceledException && !i.Cancellation.IsCancellationRequested))
        {
            // The other end is gone.
        }
    }

    private static (int Status, string Kind, byte[] Body) Fault(int status, string message) => (status, "text/html;charset=utf-8", Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
        $"<!DOCTYPE HTML>\n<html lang=\"en\">\n    <head>\n        <meta charset=\"utf-8\">\n        <title>Error response</title>\n    </head>\n    <body>\n        <h1>Error response</h1>\n        <p>Error code: {status}</p>\n        <p>Message: {message}.</p>\n        <p>Error code explanation: {status} - {status switch { 404 => "Nothing matches the given URI", 501 => "Server does not support this operation", _ => "Bad request syntax or unsupported method" }}.</p>\n    </body>\n</html>\n")));

    private static (int Status, string Kind, byte[] Body) Find(Invocation i, string folder, string target)
    {
        string path = FileSystem.Normalize("." + FileSystem.Normalize(target, "/"), folder);
        Node? node = i.Files.Find(path);
        if (node is FolderNode entries && Access.MayRead(entries, i.State.Visit.UserId))
        {
            if (i.Files.Find(path.TrimEnd('/') + "/index.html") is FileNode index)
            {
                return (200, "text/html", index.Content.Read());
            }

            string title = WebUtility.HtmlEncode($"Directory listing for {target}");
            string rows = string.Concat(entries.Entries.OrderBy(entry => entry.Key, StringComparer.OrdinalIgnoreCase).Take(5000).Select(entry => entry.Key + (entry.Value is FolderNode ? "/" : entry.Value is LinkNode ? "@" : "")).Select(name => $"<li><a href=\"{Uri.EscapeDataString(name.TrimEnd('@')).Replace("%2F", "/", StringComparison.Ordinal)}\">{WebUtility.HtmlEncode(name)}</a></li>\n"));
            return (200, "text/html; charset=utf-8", Encoding.Latin1.GetBytes($"<!DOCTYPE HTML>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n</head>\n<body>\n<h1>{title}</h1>\n<hr>\n<ul>\n{rows}</ul>\n<hr>\n</body>\n</html>\n"));
        }

        return node is FileNode file && Access.MayRead(file, i.State.Visit.UserId) ? (200, path.Split('.')[^1] switch { "html" or "htm" => "text/html", "txt" or "py" or "c" => "text/plain", "sh" => "application/x-sh", "json" => "application/json", "gz" => "application/gzip", "tar" => "application/x-tar", _ => "application/octet-stream" }, file.Content.Read()) : Fault(404, "File not found");
    }
}
