using System.Buffers.Binary;
using Blackwall.Guard;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Blackwall.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Blackwall.Tests.Guard;

public sealed class GuardSourceTests : IDisposable, IOwnAddresses, INextHops
{
    private readonly string _root = Directory.CreateTempSubdirectory("blackwall-guard-").FullName;
    private readonly FakeTimeProvider _clock = new();
    private readonly VerdictBoard _board;
    private readonly ManagementPeers _clients;
    private readonly SnapshotStore _store;
    private readonly GuardWorker _worker;

    public GuardSourceTests()
    {
        Directory.CreateDirectory(Path.Combine(_root, "net"));
        Directory.CreateDirectory(Path.Combine(_root, "sudoers.d"));
        Put("passwd", "root:x:0:0::/root:/bin/bash\nalice:x:1000:1000::/home/alice:/bin/bash\nbob:x:1001:1001::/home/bob:/bin/bash\ncarol:x:1002:1002::/:/bin/sh\n");
        Put("group", "root:x:0:\nsudo:x:27:alice\nops:x:1005:dave\n");
        Put("sudoers", "Defaults env_reset\nroot ALL=(ALL:ALL) ALL\n%sudo\tALL=(ALL:ALL) ALL\n@includedir /etc/sudoers.d\n");
        IOptions<GuardOptions> options = Options.Create(new GuardOptions
        {
            ProcFolder = _root,
            ResolverFiles = [Path.Combine(_root, "resolv.conf")],
            UtmpFile = Path.Combine(_root, "utmp"),
            EtcFolder = _root,
        });
        _store = new SnapshotStore(Options.Create(new StorageOptions { StateFolder = _root }));
        _board = new VerdictBoard(new BoardOptions(), _clock, []);
        _clients = Peers();
        _worker = new GuardWorker(_board, this, this, _clients, options, _clock, NullLogger<GuardWorker>.Instance);
    }

    public IReadOnlyList<Address> Own { get; set; } = [Address.Parse("192.0.2.10")];

    public IReadOnlyList<Address> Hops { get; set; } = [];

    public bool Broken { get; set; }

    IReadOnlyList<Address> INextHops.Read() => Hops;

    private ManagementPeers Peers() =>
        new(_store, Options.Create(new GuardMemoryOptions { MaxPeers = 4 }), _clock, NullLogger<ManagementPeers>.Instance);

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
        Hops = [Address.Parse("192.0.2.1"), Address.Parse("198.51.100.254"), Address.Parse("2001:db8::1")];
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
        Assert.False(_board.Wall.TryEntry(Prefix.Parse("192.0.2.10"), out _));
        Assert.False(_board.Wall.TryEntry(Prefix.Parse("127.0.0.53"), out _));
        Assert.True(_board.Wall.TryEntry(Prefix.Parse("9.9.9.9"), out PolicyEntry resolver));
        Assert.Equal(Verdict.Pass, resolver.Verdict);
    }

    private void Process(int id, string comm, string title, string exe, long inode, int user = 0)
    {
        string folder = Path.Combine(_root, $"{id}");
        Directory.CreateDirectory(Path.Combine(folder, "fd"));
        File.WriteAllText(Path.Combine(folder, "comm"), comm + "\n");
        File.WriteAllText(Path.Combine(folder, "cmdline"), title + "\0");
        File.WriteAllText(Path.Combine(folder, "status"), $"Name:\t{comm}\nUid:\t{user}\t{user}\t{user}\t{user}\nGid:\t{user}\t{user}\t{user}\t{user}\nGroups:\t{user} \n");
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
        Process(11, "sshd", "sshd: alice@pts/0", "/usr/sbin/sshd", 1001, 1000);
        Process(12, "sshd", "sshd: root [priv]", "/usr/sbin/sshd", 1002);
        Process(13, "sshd-session", "sshd-session: mallory@evil [net]", "/usr/lib/openssh/sshd-session", 1003);
        Process(14, "sshd", "sshd: eve@pts/9", "/home/eve/sshd-imitation", 1004);
        Process(15, "sshd-session", "sshd-session: root@notty", "/usr/lib/openssh/sshd-session", 1006);
        _worker.Refresh();
        Assert.Contains("an administrator's SSH client", Refusal("198.51.100.7"), StringComparison.Ordinal);
        Assert.Contains("an administrator's SSH client", Refusal("2001:db8::7"), StringComparison.Ordinal);
        Assert.Contains("an administrator's SSH client", Refusal("198.51.100.0/24"), StringComparison.Ordinal);
        foreach (string unproven in new[] { "198.51.100.8", "198.51.100.9", "198.51.100.10" })
        {
            Assert.Null(Refusal(unproven));
        }
    }

    [Fact]
    public void Only_a_session_that_may_administer_guards()
    {
        Put("net/tcp", "  sl\n"
            + "   0: 0A0200C0:0016 076433C6:C350 01 00000000:00000000 02:000A7A6C 00000000     0        0 1001 2 0 20 4 30 10 -1\n"
            + "   1: 0A0200C0:0016 086433C6:C350 01 00000000:00000000 02:000A7A6C 00000000     0        0 1002 2 0 20 4 30 10 -1\n"
            + "   2: 0A0200C0:0016 096433C6:C350 01 00000000:00000000 02:000A7A6C 00000000     0        0 1003 2 0 20 4 30 10 -1\n"
            + "   3: 0A0200C0:0016 0A6433C6:C350 01 00000000:00000000 02:000A7A6C 00000000     0        0 1004 2 0 20 4 30 10 -1\n");
        Put("sudoers.d/ops", "# who is on duty\nUser_Alias DUTY = carol, \\\n  erin\nDUTY ALL = NOPASSWD: /usr/bin/systemctl\n%ops ALL=(ALL) ALL\n");
        Put("sudoers.d/ignored.bak", "bob ALL=(ALL) ALL\n");
        Process(11, "sshd", "sshd: bob@pts/0", "/usr/sbin/sshd", 1001, 1001);
        Process(12, "sshd", "sshd: carol@pts/1", "/usr/sbin/sshd", 1002, 1002);
        Process(13, "sshd", "sshd: root@pts/2", "/usr/sbin/sshd", 1003, 65534);
        Process(14, "sshd", "sshd: ldapuser@pts/3", "/usr/sbin/sshd", 1004, 70001);
        Put("14/status", "Name:\tsshd\nUid:\t70001\t70001\t70001\t70001\nGid:\t70001\t70001\t70001\t70001\nGroups:\t70001 1005 \n");
        _worker.Refresh();
        Assert.Null(Refusal("198.51.100.7"));

        // Whatever its title says, that process is nobody's.
        Assert.Null(Refusal("198.51.100.9"));
        foreach (string may in new[] { "198.51.100.8", "198.51.100.10" })
        {
            Assert.Contains("an administrator's SSH client", Refusal(may), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_administrators_login_is_guarded_for_weeks_after_it_ended_and_a_failed_one_never()
    {
        Directory.CreateDirectory(Path.Combine(_root, "4242"));
        File.WriteAllBytes(Path.Combine(_root, "utmp"),
        [
            .. Record(7, 4242, "203.0.113.5"),
            .. Record(6, 4242, "203.0.113.6"),
            .. Record(7, 9999, "203.0.113.7"),
            .. Record(7, 4242, "2001:db8::5"),
            .. Record(7, 4242, "203.0.113.8", "bob"),
            .. Record(7, 4242, "0.0.0.0").AsSpan(0, 100),
        ]);
        _worker.Refresh();
        Directory.Delete(Path.Combine(_root, "4242"));
        _clock.Advance(TimeSpan.FromDays(41));
        _worker.Refresh();
        Assert.Contains("an administrator's login", Refusal("203.0.113.5"), StringComparison.Ordinal);
        Assert.Contains("an administrator's login", Refusal("2001:db8::5"), StringComparison.Ordinal);
        Assert.Null(Refusal("203.0.113.6"));
        Assert.Null(Refusal("203.0.113.7"));
        Assert.Null(Refusal("203.0.113.8"));
        _clock.Advance(TimeSpan.FromDays(2));
        _worker.Refresh();
        Assert.Null(Refusal("203.0.113.5"));
    }

    [Fact]
    public async Task A_client_of_the_API_is_guarded_at_once_also_by_the_next_process_and_their_number_is_bounded()
    {
        await _worker.StartAsync(TestContext.Current.CancellationToken);
        _clients.Seen(Address.Parse("203.0.113.5"));
        Assert.Contains("a client of the management API", Refusal("203.0.113.5"), StringComparison.Ordinal);
        Assert.Equal([Address.Parse("203.0.113.5")], Peers().Current().Select(peer => peer.Address));
        for (int i = 10; i < 20; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            _clients.Seen(Address.Parse($"203.0.113.{i}"));
        }

        Assert.Equal(["203.0.113.16", "203.0.113.17", "203.0.113.18", "203.0.113.19"], _clients.Current().Select(peer => $"{peer.Address}").Order(StringComparer.Ordinal));
        await _worker.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public void A_wall_clock_that_was_set_forward_by_a_year_forgets_nobody()
    {
        SteppingTime stepping = new(_clock);
        ManagementPeers peers = new(_store, Options.Create(new GuardMemoryOptions()), stepping, NullLogger<ManagementPeers>.Instance);
        peers.Seen(Address.Parse("203.0.113.5"));
        stepping.Step = TimeSpan.FromDays(365);
        Assert.Single(peers.Current());
        _clock.Advance(TimeSpan.FromDays(43));
        Assert.Empty(peers.Current());
    }

    /// <summary>A wall clock that somebody sets, beside a monotonic one that goes on.</summary>
    private sealed class SteppingTime(TimeProvider inner) : TimeProvider
    {
        public TimeSpan Step { get; set; }

        public override long TimestampFrequency => inner.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => inner.GetUtcNow() + Step;

        public override long GetTimestamp() => inner.GetTimestamp();
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
            foreach (string name in new[] { "resolv.conf", "utmp", "passwd", "group", "sudoers", "sudoers.d/x" })
            {
                File.WriteAllBytes(Path.Combine(_root, name), noise);
            }

            _worker.Refresh();
        }

        Assert.Null(_worker.Fault);
    }

    private static byte[] Record(short type, int process, string address, string user = "alice")
    {
        byte[] record = new byte[LoginRecords.RecordSize];
        BinaryPrimitives.WriteInt16LittleEndian(record, type);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(4), process);
        System.Text.Encoding.UTF8.GetBytes(user, record.AsSpan(44));
        Address.Parse(address).WriteFamilyBytes(record.AsSpan(348));
        return record;
    }
}
