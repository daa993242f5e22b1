using System.Globalization;
using System.Text;
using Blackwall.Pipeline.Model;

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
    private CaptureRecord _record;
    private string _verdict = "none";
    private long _packets;
    private int _files = 1;
    private long _complete;

    /// <exception cref="IOException">The disk refused.</exception>
    public OpenCapture(CaptureRecord record, CaptureFolder folder, CaptureOptions options, string interfaceName)
    {
        (_folder, _options, _interfaceName) = (folder, options, interfaceName);
        _record = record;
        _file = Create(1);
        Describe();
    }

    /// <summary>How it stands now.</summary>
    public CaptureRecord Record => _record with { Packets = _packets, Bytes = Bytes, Files = _files };

    public Prefix Scope => _record.Scope;

    public long Id => _record.Id;

    public DateTimeOffset Until => _record.Until;

    /// <summary>Whether something is not in the file yet.</summary>
    public bool Waits => _file.Waits;

    /// <summary>Whether the store has an older state of it.</summary>
    public bool Changed { get; set; } = true;

    /// <summary>Bytes of all its files, what waits to be written included.</summary>
    public long Bytes => _complete + _file.Length;

    public bool IsFull => _packets >= _options.MaxPackets || Bytes >= _options.MaxMegabytes * 1024L * 1024;

    public bool IsEnded { get; private set; }

    /// <summary>Lets it run on, and notes the decision that asks for it.</summary>
    public void Prolong(DateTimeOffset until, long? decision, string? verdict)
    {
        _record = _record with
        {
            Until = until > _record.Until ? until : _record.Until,
            Decisions = decision is { } id && !_record.Decisions.Contains(id) ? [.. _record.Decisions, id] : _record.Decisions,
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
        _packets++;
        Changed = true;
        if (_file.Length < _options.MaxFileMegabytes * 1024L * 1024)
        {
            return null;
        }

        string complete = _folder.FileOf(Id, _files);
        _file.Complete();
        CaptureFile next = Create(_files + 1);
        _complete += _file.Length;
        _files++;
        _file = next;
        return complete;
    }

    /// <exception cref="IOException">The disk refused.</exception>
    public void Flush() => _file.Flush();

    /// <summary>Ends it; gives the name of its last file.</summary>
    /// <exception cref="IOException">The file cannot get its name.</exception>
    public string End(DateTimeOffset now, string outcome)
    {
        IsEnded = true;
        _record = _record with { Ended = now, Outcome = outcome };
        _file.Complete();
        return _folder.FileOf(Id, _files);
    }

    public void Dispose() => _file.Dispose();

    private CaptureFile Create(int number) => CaptureFile.Create(
        _folder.FileOf(Id, number),
        string.Create(CultureInfo.InvariantCulture, $"blackwall capture={Id} of={Scope} cause={_record.Cause}"),
        _interfaceName,
        _options.SnapLength);

    // Every packet of a capture says the same, so it is written out once for all of them.
    private void Describe()
    {
        const int Shown = 16;
        string decisions = _record.Decisions.Count == 0 ? "none" : string.Join(',', _record.Decisions.TakeLast(Shown));
        string text = string.Create(CultureInfo.InvariantCulture, $"blackwall capture={Id} decisions={decisions} verdict={_verdict}");
        _during = Encoding.UTF8.GetBytes(text);
        _before = Encoding.UTF8.GetBytes(text + " seen=before-the-decision");
        _dropped = Encoding.UTF8.GetBytes(text + " seen=dropped-by-the-wall");
    }
}
