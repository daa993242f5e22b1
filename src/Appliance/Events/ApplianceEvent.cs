namespace Blackwall.Events;

/// <summary>One thing that happened, in its place in the log.</summary>
internal sealed class ApplianceEvent
{
    private readonly EventType? _type;
    private readonly ReadOnlyMemory<byte> _data;

    /// <summary>One that was just told.</summary>
    public ApplianceEvent(long sequence, DateTimeOffset time, EventType type, object subject, bool isForgeable)
        : this(sequence, time, type.Name, type.Version, type.Scope?.Word, isForgeable, default) => (_type, Subject) = (type, subject);

    /// <summary>One out of the store.</summary>
    public ApplianceEvent(long sequence, DateTimeOffset time, string kind, int version, string? scope, bool isForgeable, ReadOnlyMemory<byte> data)
    {
        (Sequence, Time, Kind, Version, Scope, IsForgeable) = (sequence, time, kind, version, scope, isForgeable);
        _data = data;
    }

    /// <summary>Counts up from 1, over restarts too; a number is given once.</summary>
    public long Sequence { get; }

    /// <summary>When it was told.</summary>
    public DateTimeOffset Time { get; }

    /// <summary>What it is. May be a word that this version does not know: another version wrote it.</summary>
    public string Kind { get; }

    /// <summary>Of the shape of its data.</summary>
    public int Version { get; }

    /// <summary>Word of the scope that a reader over the API needs beside events:read; null: none.</summary>
    public string? Scope { get; }

    /// <summary>It rests on what anybody can forge: of such events only a share is kept.</summary>
    public bool IsForgeable { get; }

    /// <summary>JSON in UTF-8, an object on one line.</summary>
    public ReadOnlyMemory<byte> Data => _type is not null ? _type.Write(Subject!) : _data;

    internal object? Subject { get; }
}
