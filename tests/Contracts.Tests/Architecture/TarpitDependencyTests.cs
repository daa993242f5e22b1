using Blackwall.Tarpit;
using Xunit;

namespace Blackwall.Tests.Architecture;

/// <summary>The house rules on who may know whom in the tarpit, and what it may never do.</summary>
public sealed class TarpitDependencyTests
{
    private static readonly Lazy<List<(string User, string Used)>> Loaded = new(() => ApplianceTypes.UsesIn(typeof(TarpitSettings).Assembly));

    [Fact]
    public void The_scan_sees_the_tarpit()
    {
        Assert.Contains(("Blackwall.Tarpit.Ssh.SshTransport", "Blackwall.Tarpit.Detection.Peer"), Loaded.Value);
        Assert.Contains(Loaded.Value, use => IsWire(use.User));
    }

    [Fact]
    public void The_tarpit_knows_no_other_project_of_the_product() => AssertNone(
        use => use.Used.StartsWith("Blackwall.", StringComparison.Ordinal) && !use.Used.StartsWith("Blackwall.Tarpit.", StringComparison.Ordinal));

    [Fact]
    public void The_tarpit_starts_no_process_touches_no_file_and_calls_nobody() => AssertNone(
        use => use.Used is "System.Diagnostics.Process" or "System.Diagnostics.ProcessStartInfo" or "System.IO.File" or "System.IO.FileStream" or "System.IO.FileInfo"
            or "System.IO.DirectoryInfo" or "System.IO.Directory" or "System.Net.Sockets.TcpClient" or "System.Net.Sockets.UdpClient" or "System.Net.Dns" or "System.Net.Sockets.SocketAsyncEventArgs"
            || use.Used.StartsWith("System.Net.Http.", StringComparison.Ordinal));

    [Fact]
    public void The_tarpit_connects_no_socket() => Assert.All(
        RepositoryRoot.Files("*.cs", Path.Combine("src", "Tarpit")),
        file => Assert.DoesNotMatch(@"\.Connect(Async)?\(|\.SendTo", File.ReadAllText(file)));

    [Fact]
    public void Parsers_on_the_wire_are_pure() => AssertNone(
        use => IsWire(use.User)
            && (use.Used.StartsWith("Microsoft.", StringComparison.Ordinal)
                || use.Used.StartsWith("System.Threading.Tasks.", StringComparison.Ordinal)
                || (use.Used.StartsWith("System.Net.Sockets.", StringComparison.Ordinal) && use.Used is not "System.Net.Sockets.AddressFamily")
                || use.Used is "System.Console" or "System.IO.Stream" or "System.TimeProvider" or "System.Random"));

    private static bool IsWire(string type) => ApplianceTypes.Folder(type).Split('.').Contains("Wire", StringComparer.Ordinal);

    private static void AssertNone(Func<(string User, string Used), bool> forbidden)
    {
        string[] found = [.. Loaded.Value.Where(forbidden).Select(use => $"{use.User} -> {use.Used}").Order(StringComparer.Ordinal)];
        Assert.True(found.Length == 0, string.Join('\n', found));
    }
}
