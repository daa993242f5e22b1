using System.Globalization;
using System.Text;
using Blackwall.Pipeline;

namespace Blackwall.Capture;

/// <summary>A capture that runs. Not thread-safe: the book locks.</summary>
internal sealed class OpenCapture : IDisposable
{
    private readonly CaptureFolder _folder;
    private readonly CaptureOptions _options;
    private readonly string _interfaceName;
    private CaptureFile _file;
    private byte[] _during = [];
    private byte[] _before = [];
    private byte[] _dropped = [];
    private string _verdict = "none";
    private long _complete;

    /// <exception cref="IOException">The disk refused.</exception>
    public OpenCapture(CaptureRecord record, CaptureFolder folder, CaptureOptions options, string interfaceName)
    {
        (_folder, _options, _interfaceName) = (folder, options, interfaceName);
        Record = record with { Files = 1 };
        _file = Create(1);
        Describe();
    }

    public CaptureRecord Record { get; private set; }

    /// <summary>Whether the store has an older state of it.</summary>
    public bool Changed { get; set; } = true;

    /// <summary>Bytes of all its files, what waits to be written included.</summary>
    public long Bytes => _complete + _file.Length;

    public bool IsFull => Record.Packets >= _options.MaxPackets || Bytes >= _options.MaxMegabytes * 1024L * 1024;

    public bool IsEnded { get; private set; }

    /// <summary>Lets it run on, and notes the decision that asks for it.</summary>
    public void Prolong(DateTimeOffset until, long? decision, string? verdict)
    {
        Record = Record with
        {
            Until = until > Record.Until ? until : Record.Until,
            Decisions = decision is { } id && !Record.Decisions.Contains(id) ? [.. Record.Decisions, id] : Record.Decisions,
        };
        _verdict = verdict ?? _verdict;
        Changed = true;
        Describe();
    }

    /// <summary>Appends a packet; gives the name of the file that this completed, null: none.</summary>
    /// <exception cref="IOException">The disk refused.</exception>
    public string? Append(in TappedPacket packet, ReadOnlySpan<byte> frame, bool before)
    {
        ReadOnlySpan<byte> kept = frame[..Math.Min(frame.Length, _options.SnapLength)];
        _file.Append(packet.UnixNanoseconds, packet.Length, packet.Outgoing, kept, before ? _before : packet.DroppedBy != 0 ? _dropped : _during);
        Record = Record with { Packets = Record.Packets + 1 };
        Changed = true;
        if (_file.Length < _options.MaxFileMegabytes * 1024L * 1024)
        {
            return null;
        }

        string complete = _folder.FileOf(Record.Id, Record.Files);
        _file.Complete();
        CaptureFile next = Create(Record.Files + 1);
        _complete += _file.Length;
        Record = Record with { Files = Record.Files + 1 };
        _file = next;
        return complete;
    }

    /// <exception cref="IOException">The disk refused.</exception>
    public void Flush()
    {
        _file.Flush();
        Record = Record with { Bytes = Bytes };
    }

    /// <summary>Ends it; gives the name of its last file.</summary>
    /// <exception cref="IOException">The file cannot get its name.</exception>
    public string End(DateTimeOffset now, string outcome)
    {
        IsEnded = true;
        Record = Record with { Ended = now, Outcome = outcome };
        _file.Complete();
        Record = Record with { Bytes = Bytes };
        return _folder.FileOf(Record.Id, Record.Files);
    }

    public void Dispose() => _file.Dispose();

    private CaptureFile Create(int number) => CaptureFile.Create(
        _folder.FileOf(Record.Id, number),
        string.Create(CultureInfo.InvariantCulture, $"blackwall capture={Record.Id} of={Record.Scope} cause={Record.Cause}"),
        _interfaceName,
        _options.SnapLength);

    // Every packet of a capture says the same, so it is written out once for all of them.
    private void Describe()
    {
        const int Shown = 16;
        string decisions = Record.Decisions.Count == 0 ? "none" : string.Join(',', Record.Decisions.TakeLast(Shown));
        string text = string.Create(CultureInfo.InvariantCulture, $"blackwall capture={Record.Id} decisions={decisions} verdict={_verdict}");
        _during = Encoding.UTF8.GetBytes(text);
        _before = Encoding.UTF8.GetBytes(text + " seen=before-the-decision");
        _dropped = Encoding.UTF8.GetBytes(text + " seen=dropped-by-the-wall");
    }
}
