using Blackwall.Bridges.Mesh;
using Blackwall.Config;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Identity;
using Blackwall.Mesh.Libp2p.Keys;
using Xunit;

namespace Blackwall.Tests.Sharing;

/// <summary>What check-config says of the files that the mesh's settings name.</summary>
public sealed class MeshFilesTests : IDisposable
{
    private const string Other = "12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA";
    private readonly string _folder = Directory.CreateTempSubdirectory("blackwall-mesh-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_whole_configuration_has_nothing_wrong_and_makes_no_identity()
    {
        Assert.Empty(Check(new MeshOptions { Mode = MeshMode.Full, SwarmKeyFile = Write("swarm.key", $"/key/swarm/psk/1.0.0/\n/base16/\n{new string('a', 64)}\n"), NetworksFile = Write("networks", "192.0.2.0/24 64500\n"), Members = [Other] }));
        Assert.False(Directory.Exists(Path.Combine(_folder, "mesh")));
    }

    [Fact]
    public void A_key_that_is_missing_wrong_or_open_to_others_and_a_table_that_is_none_are_errors_that_name_the_setting()
    {
        MeshOptions options = new() { Mode = MeshMode.Full, SwarmKeyFile = Path.Combine(_folder, "nosuch"), NetworksFile = Write("networks", "192.0.2.0/24 many\n") };
        Assert.Collection(
            Check(options),
            finding => Assert.StartsWith("mesh.swarm_key_file: ", finding, StringComparison.Ordinal),
            finding => Assert.StartsWith("mesh.networks_file", finding, StringComparison.Ordinal));
        options = new() { Mode = MeshMode.Full, SwarmKeyFile = Write("swarm.key", "secret\n") };
        string wrong = Assert.Single(Check(options));
        Assert.Contains("a swarm key has three lines", wrong, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", wrong, StringComparison.Ordinal);
        File.SetUnixFileMode(options.SwarmKeyFile, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Assert.Contains("chmod 640", Assert.Single(Check(options)), StringComparison.Ordinal);
        Assert.Empty(Check(new MeshOptions { SwarmKeyFile = options.SwarmKeyFile }));
    }

    [Fact]
    public void This_sensor_itself_among_its_peers_is_an_error_and_among_the_members_none_and_a_damaged_identity_are_errors()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "mesh"));
        string file = Path.Combine(_folder, "mesh", "identity.key");
        using PrivateKey key = IdentityFile.LoadOrCreate(file);
        string self = $"{PeerId.From(key.Public)}";
        MeshOptions options = new() { Mode = MeshMode.Full, Peers = [$"/ip4/192.0.2.7/tcp/9471/p2p/{self}", $"/ip4/192.0.2.8/tcp/9471/p2p/{Other}"], Members = [self, Other] };
        Assert.Equal([$"mesh.peers: /ip4/192.0.2.7/tcp/9471/p2p/{self} is this sensor itself; leave it out."], Check(options));
        File.WriteAllText(file, "torn");
        Assert.Contains("identity", Assert.Single(Check(options)), StringComparison.Ordinal);
    }

    private IReadOnlyList<string> Check(MeshOptions options)
    {
        IReadOnlyList<ConfigFinding> findings = MeshFiles.Check(options, _folder);
        Assert.All(findings, finding => Assert.True(finding.IsError));
        return [.. findings.Select(finding => finding.Sentence)];
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }
}
