using Blackwall.Tarpit;
using Xunit;

namespace Blackwall.Tests.Architecture;

/// <summary>The house rules on who may know whom in the tarpit, and what it may never do.</summary>
public sealed class TarpitDependencyTests
{
    private static readonly LibraryUses Uses = new(typeof(TarpitSettings).Assembly, "Tarpit");

    [Fact]
    public void The_scan_sees_the_tarpit() => Uses.AssertSeen("Blackwall.Tarpit.Ssh.SshTransport", "Blackwall.Tarpit.Detection.Peer");

    [Fact]
    public void The_tarpit_knows_no_other_project_of_the_product() => Uses.AssertKnowsNoOtherProject();

    [Fact]
    public void The_tarpit_starts_no_process_touches_no_file_and_calls_nobody() => Uses.AssertNone(
        use => use.Used is "System.Diagnostics.Process" or "System.Diagnostics.ProcessStartInfo" or "System.IO.File" or "System.IO.FileStream" or "System.IO.FileInfo"
            or "System.IO.DirectoryInfo" or "System.IO.Directory" or "System.Net.Sockets.TcpClient" or "System.Net.Sockets.UdpClient" or "System.Net.Dns" or "System.Net.Sockets.SocketAsyncEventArgs"
            || (use.Used.StartsWith("System.Net.Http.", StringComparison.Ordinal) && !use.User.StartsWith("Blackwall.Tarpit.Http.Front.", StringComparison.Ordinal)));

    // The proxy speaks to its destinations by messages of System.Net.Http; nothing there may have a way out of its own.
    [Fact]
    public void The_proxy_reaches_nothing_but_personas_and_what_the_host_connects() => Uses.AssertNone(
        use => use.Used is "System.Net.Http.HttpClient" or "System.Net.Http.HttpClientHandler"
            || (use.Used is "System.Net.Http.SocketsHttpHandler" && !use.User.StartsWith("Blackwall.Tarpit.Http.Front.DecoyConnector", StringComparison.Ordinal)));

    [Fact]
    public void The_proxy_is_known_to_the_front_of_the_web_server_alone() => Uses.AssertNone(
        use => (use.Used.StartsWith("Yarp.", StringComparison.Ordinal) || use.Used.StartsWith("Microsoft.AspNetCore.", StringComparison.Ordinal)) && !use.User.StartsWith("Blackwall.Tarpit.Http.Front.", StringComparison.Ordinal));

    [Fact]
    public void The_tarpit_connects_no_socket() => Assert.All(
        RepositoryRoot.Files("*.cs", Path.Combine("src", "Tarpit")),
        file => Assert.DoesNotMatch(@"\.Connect(Async)?\(|\.SendTo", File.ReadAllText(file)));

    [Fact]
    public void Parsers_on_the_wire_are_pure() => Uses.AssertParsersArePure();
}
