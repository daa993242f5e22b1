using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Blackwall.Sessions;

/// <summary>
/// Events as Cowrie writes them, one JSON object a line, so that what reads Cowrie's log reads ours. JSON escapes all control characters: nothing that an
/// attacker types can begin a line of its own or move a terminal's cursor.
/// </summary>
internal static class CowrieLog
{
    /// <summary>The line of an event, or nothing where Cowrie has no such event.</summary>
    public static byte[] Line(SessionBody session, SessionEvent happened)
    {
        if (IdOf(happened) is not { } id)
        {
            return [];
        }

        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            json.WriteString("eventid", id);
            WriteOwn(json, session, happened);
            json.WriteString("message", Message(session, happened));
            json.WriteString("sensor", "blackwall");
            json.WriteString("timestamp", happened.Time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture));
            json.WriteString("src_ip", session.Source);
            json.WriteString("session", session.Id);
            json.WriteString("protocol", session.Protocol);
            json.WriteEndObject();
        }

        return [.. buffer.WrittenSpan, (byte)'\n'];
    }

    private static string? IdOf(SessionEvent happened) => happened.Kind switch
    {
        "connect" => "cowrie.session.connect",
        "client-version" => "cowrie.client.version",
        "client-kex" => "cowrie.client.kex",
        "login" when happened.Success == true => "cowrie.login.success",
        "login" when happened.Success == false => "cowrie.login.failed",
        "public-key" => "cowrie.client.fingerprint",
        "terminal" or "terminal-size" => "cowrie.client.size",
        "environment" => "cowrie.client.var",
        "command" => "cowrie.command.input",
        "unknown-command" => "cowrie.command.failed",
        "upload" => "cowrie.session.file_upload",
        "download" => "cowrie.session.file_download.failed",
        "forward" => "cowrie.direct-tcpip.request",
        "forward-data" => "cowrie.direct-tcpip.data",
        "close" => "cowrie.session.closed",
        _ => null,
    };

    private static void WriteOwn(Utf8JsonWriter json, SessionBody session, SessionEvent happened)
    {
        switch (happened.Kind)
        {
            case "connect":
                json.WriteNumber("src_port", session.SourcePort);
                json.WriteString("dst_ip", session.Destination);
                json.WriteNumber("dst_port", session.DestinationPort);
                break;
            case "client-version":
                json.WriteString("version", happened.Text);
                break;
            case "client-kex":
                json.WriteString("hassh", happened.Text);
                json.WriteString("hasshAlgorithms", happened.Name);
                json.WriteString("keyAlgs", happened.Value);
                break;
            case "login":
                json.WriteString("username", happened.User);
                json.WriteString("password", happened.Secret);
                break;
            case "public-key":
                json.WriteString("username", happened.User);
                json.WriteString("fingerprint", Fingerprint(happened.Sha256));
                json.WriteString("key", happened.Value);
                json.WriteString("type", happened.Name);
                break;
            case "terminal" or "terminal-size":
                json.WriteNumber("width", happened.Columns ?? 0);
                json.WriteNumber("height", happened.Rows ?? 0);
                break;
            case "environment":
                json.WriteString("name", happened.Name);
                json.WriteString("value", happened.Value);
                break;
            case "command" or "unknown-command":
                json.WriteString("input", happened.Text);
                break;
            case "upload":
                json.WriteString("filename", happened.Name);
                json.WriteString("shasum", happened.Sha256);
                json.WriteString("outfile", happened.Sha256);
                break;
            case "download":
                json.WriteString("url", happened.Text);
                break;
            case "forward" or "forward-data":
                json.WriteString("dst_ip", happened.Host);
                json.WriteNumber("dst_port", happened.Port ?? 0);
                json.WriteString("data", happened.Value);
                break;
            case "close":
                json.WriteNumber("duration", Math.Round((happened.Time - session.Started).TotalSeconds, 1));
                break;
        }
    }

    private static string Message(SessionBody session, SessionEvent happened) => happened.Kind switch
    {
        "connect" => string.Create(CultureInfo.InvariantCulture, $"New connection: {new IPEndPoint(IPAddress.Parse(session.Source), session.SourcePort)} ({session.Destination}:{session.DestinationPort}) [session: {session.Id}]"),
        "client-version" => $"Remote SSH version: {happened.Text}",
        "client-kex" => $"SSH client hassh fingerprint: {happened.Text}",
        "login" => $"login attempt [{happened.User}/{happened.Secret}] {(happened.Success == true ? "succeeded" : "failed")}",
        "command" => $"CMD: {happened.Text}",
        "unknown-command" => $"Command not found: {happened.Text}",
        "close" => string.Create(CultureInfo.InvariantCulture, $"Connection lost after {(happened.Time - session.Started).TotalSeconds:0.0} seconds"),
        _ => happened.Kind,
    };

    private static string? Fingerprint(string? hex) =>
        hex is { Length: 64 } ? "SHA256:" + Convert.ToBase64String(Convert.FromHexString(hex)).TrimEnd('=') : null;
}
