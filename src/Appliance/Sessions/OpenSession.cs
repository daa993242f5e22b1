namespace Blackwall.Sessions;

/// <summary>A session that is being recorded, and what of it is not on the disk yet. Owned by the archive's worker.</summary>
internal sealed class OpenSession(SessionBody body)
{
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
}
