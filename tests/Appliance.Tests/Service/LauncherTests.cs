using System.Net.Sockets;
using System.Text;
using Blackwall.Kernel.Confinement;
using Xunit;

namespace Blackwall.Tests.Service;

/// <summary>An appliance without rights of its own has its confined process started by the launcher. Needs root, as the launcher does.</summary>
public sealed class LauncherTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("blackwall-launcher-").FullName;
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);

    public LauncherTests()
    {
        _listener.Bind(new UnixDomainSocketEndPoint(Place));
        _listener.Listen(1);
    }

    private string Place => Path.Combine(_folder, "socket");

    public void Dispose()
    {
        _listener.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    // As systemd does it for a socket unit with Accept=yes, but on a thread.
    private Task<int> Serve(string script) => Task.Run(() =>
    {
        using Socket connection = _listener.Accept();
        return ConfinedLauncher.Serve((int)connection.Handle, (arguments, descriptors) => arguments is ["go"] && descriptors == 1, _ => ("/bin/sh", ["-c", script], []));
    });

    [Fact]
    public async Task It_starts_with_the_channel_and_its_end_is_told()
    {
        Task<int> launcher = Serve("echo hello $$ >&3; exit 7");
        using ConfinedProcess process = await ConfinedProcess.LaunchAsync(Place, ["go"], []);
        byte[] buffer = new byte[64];
        int length = await process.Channel.ReceiveAsync(buffer);

        // The first process of a PID namespace of its own.
        Assert.Equal("hello 1\n", Encoding.ASCII.GetString(buffer, 0, length));
        Assert.Equal(7, await process.Ended);
        Assert.Equal(0, await launcher);
        Assert.True(process.Id > 1);
    }

    [Fact]
    public async Task The_end_of_the_appliance_or_its_order_ends_it()
    {
        Task<int> launcher = Serve("sleep 1000");
        using ConfinedProcess process = await ConfinedProcess.LaunchAsync(Place, ["go"], []);
        Assert.True(Directory.Exists($"/proc/{process.Id}"));
        process.Kill();
        Assert.Equal(128 + 9, await process.Ended);
        Assert.Equal(0, await launcher);

        launcher = Serve("sleep 1000");
        ConfinedProcess left = await ConfinedProcess.LaunchAsync(Place, ["go"], []);
        left.Dispose();
        Assert.Equal(0, await launcher);
    }

    // A confined process is shown this folder: the root of the machine must never be it.
    [Theory]
    [InlineData("/usr/share/dotnet/shared/Microsoft.NETCore.App/10.0.12", "/srv/blackwall/", "/usr/share/dotnet")]
    [InlineData("/usr/lib/blackwall", "/usr/lib/blackwall/", "/usr/lib/blackwall")]
    public void The_runtime_that_it_sees_is_the_shared_one_or_the_programs_own(string libraries, string program, string root) =>
        Assert.Equal(root, ConfinedStart.RootOf(libraries, program));

    [Fact]
    public async Task What_is_not_allowed_is_not_started()
    {
        Task<int> launcher = Serve("sleep 1000");
        await Assert.ThrowsAsync<IOException>(() => ConfinedProcess.LaunchAsync(Place, ["something else"], []));
        Assert.Equal(65, await launcher);
    }
}
