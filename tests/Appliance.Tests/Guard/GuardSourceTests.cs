using System.Buffers.Binary;
using Blackwall.Guard;
using Blackwall.Pipeline;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Blackwall.Tests.Guard;

public sealed class GuardSourceTests : IDisposable, IOwnAddresses
{
    private readonly string _root = Directory.CreateTempSubdirectory("blackwall-guard-").FullName;
    private readonly FakeTimeProvider _clock = new();
    private readonly VerdictBoard _board;
    private readonly ManagementClients _clients;
    private readonly GuardWorker _worker;

    public GuardSourceTests()
    {
        Directory.CreateDirectory(Path.Combine(_root, "net"));
        IOptions<GuardOptions> options = Options.Create(new GuardOptions
        {
            ProcFolder = _root,
            ResolverFiles = [Path.Combine(_root, "resolv.conf")],
            UtmpFile = Path.Combine(_root, "utmp"),
            MaxClients = 4,
        });
        _board = new VerdictBoard(new BoardOptions(), _clock, []);
        _clients = new ManagementClients(options, _clock);
        _worker = new GuardWorker(_board, this, _clients, options, _clock, NullLogger<GuardWorker>.Instance);
    }

    public IReadOnlyList<Address> Own { get; set; } = [Address.Parse("192.0.2.10")];

    public bool Broken { get; set; }

    public IReadOnlyList<Address> Read() => Broken ? throw new IOException("no netlink today") : Own;

    public void Dispose()
    {
        _worker.Dispose();
        _board.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    private void Put(string name, string text) => File.WriteAllText(Path.Combine(_root, name), text);

    private string? Refusal(string scope) =>
        _board.Publish(new DecisionRequest(Prefix.Parse(scope), Verdict.Drop, Origin.Operator, "x", 1, null, [], null, "t")).Refusal;

    [Fact]
    public void Own_addresses_gateways_and_resolvers_are_guarded_by_what_they_are()
    {
        // 192.0.2.1, 198.51.100.254 as the kernel of a little-endian machine prints them; the route without a gateway names none.
        Put("net/route", "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
            + "eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\neth0\t0000000A\tFE6433C6\t0003\t0\t0\t0\t000000FF\t0\t0\t0\neth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n");
        Put("net/ipv6_route", "00000000000000000000000000000000 00 00000000000000000000000000000000 00 20010db8000000000000000000000001 00000400 00000001 00000000 00000003     eth0\n"
            + "20010db8000000000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 00000000 00000001     eth0\n");
        Put("resolv.conf", "# by hand\nnameserver 9.9.9.9\nnameserver 127.0.0.53\nnameserver 2620:fe::fe%eth0\nsearch example.org\nnameserver\nnameserver nonsense\n");
        _worker.Refresh();
        Assert.Contains("an address of this machine", Refusal("192.0.2.10"), StringComparison.Ordinal);
        Assert.Contains("a gateway of this machine", Refusal("192.0.2.1"), StringComparison.Ordinal);
        Assert.Contains("a gateway of this machine", Refusal("198.51.100.254"), StringComparison.Ordinal);
        Assert.Contains("a gateway of this machine", Refusal("2001:db8::1"), StringComparison.Ordinal);
        Assert.Contains("a resolver of this machine", Refusal("9.9.9.9"), StringComparison.Ordinal);
        Assert.Contains("a resolver of this machine", Refusal("2620:fe::/48"), StringComparison.Ordinal);
        Assert.Null(Refusal("192.0.2.2"));

        // Our own address and loopback never are a remote: letting them in unseen would welcome a forgery.
        Assert.False(_board.TryEntry(Prefix.Parse("192.0.2.10"), out _));
        Assert.False(_board.TryEntry(Prefix.Parse("127.0.0.53"), out _));
        Assert.True(_board.TryEntry(Prefix.Parse("9.9.9.9"), out PolicyEntry resolver));
        Assert.Equal(Verdict.Pass, resolver.Verdict);
    }

    private void Process(int id, string comm, string title, string exe, long inode)
    {
        string folder = Path.Combine(_root, $"{id}");
        Directory.CreateDirectory(Path.Combine(folder, "fd"));
        File.WriteAllText(Path.Combine(folder, "comm"), comm + "\n");
        File.WriteAllText(Path.Combine(folder, "cmdline"), title + "\0");
        File.CreateSymbolicLink(Path.Combine(folder, "exe"), exe);
        File.CreateSymbolicLink(Path.Combine(folder, "fd", "3"), $"socket:[{inode}]");
        File.CreateSymbolicLink(Path.Combine(folder, "fd", "1"), "/dev/null");
    }

    [Fact]
    public void Who_is_logged_in_over_ssh_is_guarded_without_login_records_and_who_is_guessing_is_not()
    {
        // 198.51.100.7 to .10 and 2001:db8::7, as a little-endian machine prints them; the last line only listens.
        Put("net/tcp", "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
            + "   0: 0A0200C0:0016 076433C6:C350 01 00000000:00000000 02:000A7A6C 00000000     0        0 1001 2 0 20 4 30 10 -1\n"
            + "   1: 0A0200C0:0016 086433C6:C350 01 00000000:00000000 02:000A7A6C 00000000     0        0 1002 2 0 20 4 30 10 -1\n"
            + "   2: 0A0200C0:0016 096433C6:C350 01 00000000:00000000 02:000A7A6C 00000000     0        0 1003 2 0 20 4 30 10 -1\n"
            + "   3: 0A0200C0:0016 0A6433C6:C350 01 00000000:00000000 02:000A7A6C 00000000     0        0 1004 2 0 20 4 30 10 -1\n"
            + "   4: 0A0200C0:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1005 2 0 20 4 30 10 -1\nnonsense\n");
        Put("net/tcp6", "  sl  local_address rem_address st\n"
            + "   0: 00000000000000000000000001000000:0016 B80D0120000000000000000007000000:C350 01 00000000:00000000 02:00000000 00000000     0        0 1006 1\n");
        Process(11, "sshd", "sshd: alice@pts/0", "/usr/sbin/sshd", 1001);
        Process(12, "sshd", "sshd: root [priv]", "/usr/sbin/sshd", 1002);
        Process(13, "sshd-session", "sshd-session: mallory@evil [net]", "/usr/lib/openssh/sshd-session", 1003);
        Process(14, "sshd", "sshd: eve@pts/9", "/home/eve/sshd-imitation", 1004);
        Process(15, "sshd-session", "sshd-session: bob@notty", "/usr/lib/openssh/sshd-session", 1006);
        _worker.Refresh();
        Assert.Contains("the peer of an SSH session", Refusal("198.51.100.7"), StringComparison.Ordinal);
        Assert.Contains("the peer of an SSH session", Refusal("2001:db8::7"), StringComparison.Ordinal);
        Assert.Contains("the peer of an SSH session", Refusal("198.51.100.0/24"), StringComparison.Ordinal);
        foreach (string unproven in new[] { "198.51.100.8", "198.51.100.9", "198.51.100.10" })
        {
            Assert.Null(Refusal(unproven));
        }
    }

    [Fact]
    public void A_login_is_guarded_while_its_process_lives_and_a_failed_one_never()
    {
        Directory.CreateDirectory(Path.Combine(_root, "4242"));
        File.WriteAllBytes(Path.Combine(_root, "utmp"),
        [
            .. Record(7, 4242, "203.0.113.5"),
            .. Record(6, 4242, "203.0.113.6"),
            .. Record(7, 9999, "203.0.113.7"),
            .. Record(7, 4242, "2001:db8::5"),
            .. Record(7, 4242, "0.0.0.0").AsSpan(0, 100),
        ]);
        _worker.Refresh();
        Assert.Contains("a login session", Refusal("203.0.113.5"), StringComparison.Ordinal);
        Assert.Contains("a login session", Refusal("2001:db8::5"), StringComparison.Ordinal);
        Assert.Null(Refusal("203.0.113.6"));
        Assert.Null(Refusal("203.0.113.7"));

        Directory.Delete(Path.Combine(_root, "4242"));
        _worker.Refresh();
        Assert.Null(Refusal("203.0.113.5"));
    }

    [Fact]
    public async Task A_client_of_the_API_is_guarded_at_once_for_ten_minutes_and_their_number_is_bounded()
    {
        await _worker.StartAsync(TestContext.Current.CancellationToken);
        _clients.Seen(Address.Parse("203.0.113.5"));
        Assert.Contains("management API", Refusal("203.0.113.5"), StringComparison.Ordinal);
        _clock.Advance(TimeSpan.FromMinutes(9));
        _worker.Refresh();
        Assert.NotNull(Refusal("203.0.113.5"));
        _clock.Advance(TimeSpan.FromMinutes(2));
        _worker.Refresh();
        Assert.Null(Refusal("203.0.113.5"));
        for (int i = 10; i < 20; i++)
        {
            _clients.Seen(Address.Parse($"203.0.113.{i}"));
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(4, _clients.Current().Count);
        await _worker.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public void A_source_that_cannot_be_read_takes_no_protection_away_and_shows_as_a_fault()
    {
        _worker.Refresh();
        Broken = true;
        Put("resolv.conf", "nameserver 9.9.9.9\n");
        _worker.Refresh();
        Assert.Contains("no netlink today", _worker.Fault, StringComparison.Ordinal);
        Assert.NotNull(Refusal("192.0.2.10"));
        Assert.NotNull(Refusal("9.9.9.9"));

        Broken = false;
        Own = [Address.Parse("192.0.2.11")];
        _worker.Refresh();
        Assert.Null(_worker.Fault);
        Assert.NotNull(Refusal("192.0.2.11"));
        Assert.Null(Refusal("192.0.2.10"));
    }

    [Fact]
    public void Garbage_in_every_file_is_read_without_an_exception()
    {
        Random random = new(2);
        for (int i = 0; i < 200; i++)
        {
            byte[] noise = new byte[random.Next(2000)];
            random.NextBytes(noise);
            foreach (string name in new[] { "net/route", "net/ipv6_route", "resolv.conf", "utmp" })
            {
                File.WriteAllBytes(Path.Combine(_root, name), noise);
            }

            _worker.Refresh();
        }

        Assert.Null(_worker.Fault);
    }

    private static byte[] Record(short type, int process, string address)
    {
        byte[] record = new byte[LoginRecords.RecordSize];
        BinaryPrimitives.WriteInt16LittleEndian(record, type);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(4), process);
        Address.Parse(address).WriteFamilyBytes(record.AsSpan(348));
        return record;
    }
}
