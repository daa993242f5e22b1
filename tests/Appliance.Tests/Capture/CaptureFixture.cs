using System.Buffers.Binary;
using Blackwall.Capture;
using Blackwall.Events;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Storage;
using Blackwall.Tests.Replay;
using Blackwall.Tests.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Blackwall.Tests.Capture;

/// <summary>A book of captures on a folder of its own, with a tap and a clock in the test's hand.</summary>
internal sealed class CaptureFixture : IDisposable
{
    public const ushort ApiPort = 9470;

    private RunningStore? _store;

    public CaptureFixture(Action<CaptureOptions>? configure = null)
    {
        configure?.Invoke(Options);
        Board = new VerdictBoard(new BoardOptions(), Clock, []);
        Book = Start();
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("blackwall-capture-").FullName;

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public CaptureOptions Options { get; } = new();

    public StorageOptions Storage { get; } = new();

    public VerdictBoard Board { get; }

    public TapStub Tap { get; private set; } = new();

    public EventLog Log { get; private set; } = null!;

    public CaptureBook Book { get; private set; }

    public IEnumerable<string> Files => Directory.EnumerateFiles(Options.Folder.Length > 0 ? Options.Folder : Path.Combine(Folder, "captures")).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal);

    /// <summary>A process that takes over what the one before left.</summary>
    public CaptureBook Start()
    {
        _store?.Dispose();
        _store = new RunningStore(Folder, Storage);
        CaptureStore index = new(_store.Database, _store.Queue);
        Log = new EventLog(_store.Queue, new EventStore(_store.Database), _store.Options, TimeProvider.System);
        _store.Start(index, Log);
        Tap = new TapStub();
        var options = Microsoft.Extensions.Options.Options.Create(Options);
        CaptureFolder folder = new(options, Microsoft.Extensions.Options.Options.Create(Storage));
        Book = new CaptureBook(
            Tap,
            Board,
            index,
            folder,
            new CaptureArchive(index, folder, Log, options, Clock, NullLogger<CaptureArchive>.Instance),
            options,
            new CaptureSite("eth0", ApiPort),
            Clock,
            NullLogger<CaptureBook>.Instance);
        Book.Begin();
        return Book;
    }

    public Decision Decide(long id, string scope, Verdict verdict = Verdict.Drop) =>
        new(id, Prefix.Parse(scope), verdict, Origin.Local, "port-scan", 1, Clock.GetUtcNow(), Clock.GetUtcNow().AddHours(1), [], null, "appliance");

    /// <summary>What the wire would bring: a UDP datagram of so many bytes.</summary>
    public void Send(string source, string destination, ushort destinationPort = 53, int payload = 32, bool outgoing = false, long droppedBy = 0)
    {
        byte[] frame = Frame(source, destination, destinationPort, payload);
        Book.OnPacket(new TappedPacket(Clock.GetUtcNow().ToUnixTimeMilliseconds() * 1_000_000, frame.Length, outgoing, droppedBy), frame);
        Book.Rest();
    }

    /// <summary>A ping that the wall dropped.</summary>
    public void SendDroppedPing(string source, string destination)
    {
        byte[] frame = Frame(source, destination, 0, 32);
        Address from = Address.Parse(source);
        frame[14 + (from.IsV4 ? 9 : 6)] = from.IsV4 ? (byte)1 : (byte)58;
        Book.OnPacket(new TappedPacket(Clock.GetUtcNow().ToUnixTimeMilliseconds() * 1_000_000, frame.Length, false, 1), frame);
        Book.Rest();
    }

    public byte[] Download(long id)
    {
        using Stream stream = Book.OpenRead(Book.Find(id)!);
        using MemoryStream all = new();
        stream.CopyTo(all);
        return all.ToArray();
    }

    public ReadCapture Read(long id) => ReadCapture.Of(Download(id));

    public void Dispose()
    {
        Book.EndAll();
        _store?.Dispose();
        Board.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    public static byte[] Frame(string source, string destination, ushort destinationPort, int payload)
    {
        Address from = Address.Parse(source);
        int header = from.IsV4 ? 20 : 40;
        byte[] frame = new byte[14 + header + 8 + payload];
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), from.IsV4 ? (ushort)0x0800 : (ushort)0x86dd);
        Span<byte> ip = frame.AsSpan(14);
        if (from.IsV4)
        {
            ip[0] = 0x45;
            BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)(header + 8 + payload));
            (ip[8], ip[9]) = (64, 17);
            from.WriteFamilyBytes(ip[12..]);
            Address.Parse(destination).WriteFamilyBytes(ip[16..]);
        }
        else
        {
            ip[0] = 0x60;
            BinaryPrimitives.WriteUInt16BigEndian(ip[4..], (ushort)(8 + payload));
            (ip[6], ip[7]) = (17, 64);
            from.WriteFamilyBytes(ip[8..]);
            Address.Parse(destination).WriteFamilyBytes(ip[24..]);
        }

        BinaryPrimitives.WriteUInt16BigEndian(ip[header..], 40_000);
        BinaryPrimitives.WriteUInt16BigEndian(ip[(header + 2)..], destinationPort);
        BinaryPrimitives.WriteUInt16BigEndian(ip[(header + 4)..], (ushort)(8 + payload));
        return frame;
    }
}
