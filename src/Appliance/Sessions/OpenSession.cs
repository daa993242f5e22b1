using System.Net;

namespace Blackwall.Sessions;

/// <summary>A session that is being recorded, and what of it is not on the disk yet. Owned by the archive's worker.</summary>
internal sealed class OpenSession(SessionBody body)
{
    private const int MostFiles = 256;

    public SessionBody Body { get; set; } = body;

    /// <summary>Lines of events.jsonl and terminal.cast that wait.</summary>
    public MemoryStream Events { get; } = new();

    public MemoryStream Terminal { get; } = new();

    public bool HasTerminal { get; set; }

    /// <summary>The visitor has a terminal, whose driver ends lines.</summary>
    public bool IsTerminal { get; set; }

    public int Columns { get; set; } = 80;

    public int Rows { get; set; } = 24;

    /// <summary>Bytes written and waiting.</summary>
    public long Bytes { get; set; }

    public bool IsDirty { get; set; } = true;

    /// <summary>Null: the event does not say between whom it is.</summary>
    public static OpenSession? Begin(string id, SessionEvent happened) =>
        IPEndPoint.TryParse(happened.Source ?? "", out IPEndPoint? source) && IPEndPoint.TryParse(happened.Destination ?? "", out IPEndPoint? destination)
            ? new OpenSession(new SessionBody(id, happened.Protocol ?? "unknown", source.Address.ToString(), source.Port, destination.Address.ToString(), destination.Port, happened.Time, null, null, null, null, 0, 0, [], 0, null, null))
            : null;

    /// <summary>Takes up what happened.</summary>
    public void Take(SessionEvent happened) => Body = Changed(happened);

    private SessionBody Changed(SessionEvent happened)
    {
        SessionBody now = Body with { Events = Body.Events + 1 };
        switch (happened.Kind)
        {
            case "client-version":
                return now with { Client = happened.Text };
            case "request" when now.Client is null && happened.Value is { } agent:
                return now with { Client = agent };
            case "client-kex":
                return now with { Hassh = happened.Text };
            case "login" when happened.Success is not null:
                return now with { Logins = now.Logins + 1, User = happened.Success == true ? happened.User : now.User };
            case "command":
                return now with { Commands = now.Commands + 1 };
            case "terminal" or "terminal-size":
                IsTerminal = true;
                (Columns, Rows) = (happened.Columns ?? 80, happened.Rows ?? 24);
                return now;
            case "upload" when happened.Sha256 is { } hash && SessionFolder.IsHash(hash) && now.Files.Count < MostFiles && !now.Files.Contains(hash, StringComparer.Ordinal):
                return now with { Files = [.. now.Files, hash] };
            case "close":
                return now with { Ended = happened.Time, Received = happened.Received, Sent = happened.Sent };
            default:
                return now;
        }
    }
}
