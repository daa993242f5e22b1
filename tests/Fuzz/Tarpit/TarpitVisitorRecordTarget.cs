using System.IO.Compression;
using System.Net;
using Blackwall.Fuzz.Bombs;
using Blackwall.Tarpit;
using Blackwall.Tarpit.Visiting;
using Blackwall.Tarpit.World;

namespace Blackwall.Fuzz.Tarpit;

/// <summary>What visitors left, as a hostile process may have brought it to the archive: it is read back, used by a session now and then, and written again.</summary>
internal sealed class TarpitVisitorRecordTarget : IFuzzTarget
{
    private const int UsedOneOf = 64;
    private const string Uses = "ps aux; last; w; ls -la / /root /etc /tmp /var/log; tail -n3 /var/log/auth.log /var/log/syslog; cat /tmp/*; systemctl status ssh; crontab -l; id; hostname; find /tmp /root; exit 0";
    private static readonly IPEndPoint s_local = new(IPAddress.Loopback, 22);
    private readonly KeptRecord _store = new();
    private readonly Visitors _visitors;
    private int _run;

    public TarpitVisitorRecordTarget() => _visitors = new Visitors(new Machine(new byte[32], DateTimeOffset.UnixEpoch.AddYears(50), TimeProvider.System), new TarpitSettings { DelayScale = 0 }, _store);

    public string Name => "tarpit-visitor";

    public IReadOnlyList<byte[]> Seeds => field ??= Make();

    public string? Run(ReadOnlySpan<byte> input)
    {
        _run++;
        IPEndPoint remote = new(new IPAddress([10, (byte)(_run >> 16), (byte)(_run >> 8), (byte)_run]), 1);
        _store.Next = Packed(input);
        Visitor? visitor = _visitors.FindAsync(remote.Address, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        if (visitor is null)
        {
            return "a record makes no visitor";
        }

        if (_run % UsedOneOf == 0)
        {
            Use(remote, Uses);
        }

        return VisitorRecord.Write(visitor).Length > VisitorRecord.Largest ? "what is written is too long" : null;
    }

    private void Use(IPEndPoint remote, string command)
    {
        using CancellationTokenSource end = new(TimeSpan.FromSeconds(60));
        _visitors.LogIn(remote, s_local, "root").ExecuteAsync(command, new BombIo([], 0, hasTerminal: false), new BombLog(), end.Token).GetAwaiter().GetResult();
    }

    // What a visit that changed something of everything leaves.
    private List<byte[]> Make()
    {
        _store.Next = null;
        IPEndPoint remote = new(IPAddress.Parse("192.0.2.9"), 1);
        Use(remote, "echo hi > /tmp/a; ln -s /etc/passwd /tmp/l; mkdir -p /root/.ssh /tmp/d/e; mkfifo /tmp/p; rm /etc/motd; cp /bin/ls /tmp/ls; useradd -m joe; echo 'joe:x' | chpasswd; echo x >> /var/log/auth.log; systemctl stop cron; hostname h2; printf '\\x7fELF' > /tmp/m; chmod +x /tmp/m; /tmp/m; (crontab -l; echo '* * * * * x') | crontab -");
        byte[] record = _store.Saved ?? throw new InvalidOperationException("The visit was not saved.");
        using BrotliStream stream = new(new MemoryStream(record, 1, record.Length - 1), CompressionMode.Decompress);
        using MemoryStream content = new();
        stream.CopyTo(content);
        return [content.ToArray(), [1], []];
    }

    private static byte[] Packed(ReadOnlySpan<byte> content)
    {
        using MemoryStream packed = new();
        packed.WriteByte(VisitorRecord.Whole);
        using (BrotliStream stream = new(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            stream.Write(content);
        }

        return packed.ToArray();
    }

    private sealed class KeptRecord : IVisitorStore
    {
        public byte[]? Next { get; set; }

        public byte[]? Saved { get; private set; }

        public ValueTask<byte[]?> LoadAsync(byte[] key, CancellationToken cancellation) => new(Next);

        public bool Has(byte[] key) => false;

        public void Save(byte[] key, byte[] value) => Saved = value[0] == VisitorRecord.Whole ? value : Saved;
    }
}
