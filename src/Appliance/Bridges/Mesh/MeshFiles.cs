using Blackwall.Config;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Identity;
using Blackwall.Mesh.Libp2p.Keys;
using Blackwall.Mesh.Libp2p.PrivateNetwork;
using Blackwall.Mesh.Sybil;

namespace Blackwall.Bridges.Mesh;

/// <summary>The files that the settings of the mesh name, and what of the settings can only be judged with them.</summary>
internal static class MeshFiles
{
    /// <summary>Null: the mesh is open. Throws <see cref="IOException"/> that names the setting.</summary>
    public static SwarmKey? ReadSwarmKey(string file)
    {
        if (file.Length == 0)
        {
            return null;
        }

        if (!File.Exists(file))
        {
            throw new IOException($"mesh.swarm_key_file: {file} is not there, or this user may not see it.");
        }

        // Who reads it is in the mesh.
        const UnixFileMode others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.GroupWrite;
        return (File.GetUnixFileMode(file) & others) != UnixFileMode.None ? throw new IOException($"mesh.swarm_key_file: {file} can be read or written by others; close it with 'chmod 640 {file}'.")
            : SwarmKey.TryParse(File.ReadAllText(file), out string? wrong) ?? throw new IOException($"mesh.swarm_key_file: {file}: {wrong}.");
    }

    /// <summary>Which operator a prefix belongs to. Throws <see cref="FormatException"/> that names the setting.</summary>
    public static NetworkTable ReadNetworks(string file)
    {
        if (file.Length == 0)
        {
            return new NetworkTable();
        }

        using StreamReader reader = File.Exists(file) ? new StreamReader(file) : throw new IOException($"mesh.networks_file: {file} is not there, or this user may not see it.");
        try
        {
            return NetworkTable.Read(reader);
        }
        catch (FormatException exception)
        {
            throw new FormatException($"mesh.networks_file {file}: {exception.Message}", exception);
        }
    }

    /// <summary>For check-config: what would keep the mesh from starting, and this sensor among its own peers. Among the members it may be: so all sensors can have one list.</summary>
    public static IReadOnlyList<ConfigFinding> Check(MeshOptions options, string stateFolder)
    {
        if (options.Mode is MeshMode.Off)
        {
            return [];
        }

        List<ConfigFinding> findings = [];
        Try("mesh.swarm_key_file", () => ReadSwarmKey(options.SwarmKeyFile), findings);
        Try("mesh.networks_file", () => ReadNetworks(options.NetworksFile), findings);
        if (IdentityOf(stateFolder, findings) is { } self)
        {
            findings.AddRange(options.Peers.Where(text => Multiaddr.TryParse(text, out Multiaddr? address) && address.Peer == self)
                .Select(text => new ConfigFinding($"mesh.peers: {text} is this sensor itself; leave it out.", IsError: true)));
        }

        return findings;
    }

    private static PeerId? IdentityOf(string stateFolder, List<ConfigFinding> findings)
    {
        string path = Path.Combine(stateFolder, "mesh", "identity.key");
        try
        {
            // One that is not there yet is made at the first start, and not by a check.
            if (!File.Exists(path))
            {
                return null;
            }

            using PrivateKey key = IdentityFile.LoadOrCreate(path);
            return PeerId.From(key.Public);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            findings.Add(new ConfigFinding($"mesh: the identity cannot be read: {exception.Message}", IsError: exception is MeshException));
            return null;
        }
    }

    private static void Try(string setting, Action read, List<ConfigFinding> findings)
    {
        try
        {
            read();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            findings.Add(new ConfigFinding(exception.Message.StartsWith("mesh.", StringComparison.Ordinal) ? exception.Message : $"{setting}: {exception.Message}", IsError: true));
        }
    }
}
