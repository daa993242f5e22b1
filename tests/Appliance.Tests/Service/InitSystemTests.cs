using System.Collections;
using System.Net.Sockets;
using System.Text;
using Blackwall.Kernel;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Ports;
using Blackwall.Service;
using Xunit;

namespace Blackwall.Tests.Service;

/// <summary>What systemd is told, by real datagrams.</summary>
public sealed class InitSystemTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("blackwall-notify-").FullName;
    private readonly Socket _systemd = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 10_000 };

    public void Dispose()
    {
        _systemd.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private InitSystem Listen(string name)
    {
        _systemd.Bind(new UnixDomainSocketEndPoint(name[0] is '@' ? '\0' + name[1..] : name));
        return InitSystem.Find(new Hashtable { ["NOTIFY_SOCKET"] = name, ["WATCHDOG_USEC"] = "30000000" })!;
    }

    private string Heard()
    {
        byte[] buffer = new byte[8192];
        return Encoding.UTF8.GetString(buffer, 0, _systemd.Receive(buffer));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void It_is_told_over_a_path_and_over_an_abstract_name(bool isAbstract)
    {
        using InitSystem init = Listen(isAbstract ? $"@blackwall-test-{Guid.NewGuid():N}" : Path.Combine(_folder, "notify"));
        init.Ready("enforcing on eth0 (native)");
        Assert.Equal("READY=1\nSTATUS=enforcing on eth0 (native)", Heard());
        init.Alive();
        Assert.Equal("WATCHDOG=1", Heard());
        init.Stopping("Stopping.");
        Assert.Equal("STOPPING=1\nSTATUS=Stopping.", Heard());
        Assert.Equal(TimeSpan.FromSeconds(30), init.Watchdog);
    }

    [Fact]
    public void A_status_cannot_bring_assignments_of_its_own_and_is_cut()
    {
        using InitSystem init = Listen(Path.Combine(_folder, "notify"));
        init.Status("one\nREADY=1\r\n");
        Assert.Equal("STATUS=one READY=1  ", Heard());
        init.Status(new string('x', 5000));
        Assert.Equal(1000 + "STATUS=".Length, Heard().Length);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("relative")]
    [InlineData("@")]
    public void Elsewhere_there_is_none(string? name) => Assert.Null(InitSystem.Find(name is null ? new Hashtable() : new Hashtable { ["NOTIFY_SOCKET"] = name }));

    [Fact]
    public void A_name_that_is_too_long_is_none() => Assert.Null(InitSystem.Find(new Hashtable { ["NOTIFY_SOCKET"] = "/" + new string('x', 200) }));

    [Fact]
    public void Nobody_listening_is_no_error()
    {
        using InitSystem init = InitSystem.Find(new Hashtable { ["NOTIFY_SOCKET"] = Path.Combine(_folder, "nobody") })!;
        init.Alive();
        Assert.Null(init.Watchdog);
    }

    [Fact]
    public void A_thread_that_stands_still_is_named_and_one_that_goes_on_is_not()
    {
        long wall = 0, events = 0;
        using ServiceWatch watch = Watch([new RoundCounter("wall", () => wall), new RoundCounter("kernel events", () => events)]);
        Assert.True(watch.GoesRound(out _));
        (wall, events) = (1, 1);
        Assert.True(watch.GoesRound(out _));
        wall = 2;
        Assert.False(watch.GoesRound(out string? hung));
        Assert.Equal("kernel events", hung);
        (wall, events) = (3, 2);
        Assert.True(watch.GoesRound(out _));
    }

    [Fact]
    public void The_status_says_mode_and_interfaces_and_what_ails()
    {
        WallStatus outside = new("eth0", EnforcementMode.Enforce, "native", "tcx", null, 1, Adopted: false, Fault: null);
        WallStatus inside = new("eth1", EnforcementMode.Observe, "generic", "tcx", null, 1, Adopted: false, Fault: null);
        Assert.Equal("enforcing on eth0 (native), observing on eth1 (generic)", ServiceWatch.Describe([outside, inside], []));
        Assert.Equal("enforcing on eth0 (native); The disk is full.", ServiceWatch.Describe([outside], [new Ailing("The disk is full.")]));
    }

    private static ServiceWatch Watch(IReadOnlyList<RoundCounter> counters) =>
        new(null, null!, [], counters, null!, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<ServiceWatch>.Instance);

    private sealed record Ailing(string? Fault) : IHealthSource
    {
        public string Name => "store";

        public bool Ready => true;
    }
}
