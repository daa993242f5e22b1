using System.Globalization;
using Blackwall.Config;
using Blackwall.Mesh.Libp2p;

namespace Blackwall.Bridges.Mesh;

/// <summary>[mesh]: sharing indicators with other sensors.</summary>
public sealed class MeshOptions
{
    private const int MaxPeers = 256;

    public MeshMode Mode { get; set; } = MeshMode.Off;

    /// <summary>What is signed for one mesh counts in no other.</summary>
    public string Name { get; set; } = "blackwall";

    /// <summary>File with the key of a private mesh; empty: the mesh is open.</summary>
    public string SwarmKeyFile { get; set; } = "";

    public IReadOnlyList<string> Listen { get; set; } = ["/ip4/0.0.0.0/tcp/9471"];

    public IReadOnlyList<string> Peers { get; set; } = [];

    public IReadOnlyList<string> Members { get; set; } = [];

    public bool Mdns { get; set; }

    /// <summary>Whether identities must have done their work (Argon2id, 64 MiB).</summary>
    public bool ProofOfWork { get; set; } = true;

    /// <summary>Whether others are told that an address that they accuse is served here as usual.</summary>
    public bool CounterEvidence { get; set; } = true;

    /// <summary>Whether the operator's own blocks are told too.</summary>
    public bool ShareOperatorBlocks { get; set; }

    public int MessagesPerHour { get; set; } = 512;

    /// <summary>File of prefixes and the numbers of their operators (AS); empty: none.</summary>
    public string NetworksFile { get; set; } = "";

    public static IReadOnlyList<IConfigSection> Declare() =>
    [
        new ConfigSection<MeshOptions>("mesh", "Sharing what was seen with other sensors. Off unless it is asked for. Private, reserved and documentation addresses are never told or taken.", new MeshOptions())
            .Choice("mode", "off: no part is taken; full: report, vote and act; relay: pass messages on and neither report nor act.", o => o.Mode, (o, v) => o.Mode = v)
            .Text("name", "Name of the mesh; what is signed for one counts in no other. 1..64 of a-z, 0-9, '-' and '.'.", o => o.Name, (o, v) =>
            {
                o.Name = v;
                return v.Length is > 0 and <= 64 && v.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.') ? null : "is 1..64 of a-z, 0-9, '-' and '.'";
            })
            .Text("swarm_key_file", "File with the key of a private mesh (libp2p's swarm.key), readable by nobody else: only sensors with the same key can connect; empty: the mesh is open.", o => o.SwarmKeyFile, (o, v) =>
            {
                o.SwarmKeyFile = v;
                return v.Length == 0 || Path.IsPathFullyQualified(v) ? null : "is the full path of a file, or empty";
            })
            .List("listen", "Where peers connect, as multiaddrs: /ip4/0.0.0.0/tcp/9471.", o => o.Listen, (o, v) => Addresses(v, needsPeer: false, addresses => o.Listen = addresses))
            .List("peers", "Peers to stay connected with, each with its id: /ip4/192.0.2.7/tcp/9471/p2p/12D3KooW... They have no special vote.", o => o.Peers, (o, v) => Addresses(v, needsPeer: true, addresses => o.Peers = addresses))
            .List("members", "Ids of your own sensors; the one of this sensor itself may be among them. What one of them reports is acted on at once, by a limit; two are believed more.", o => o.Members, (o, v) =>
            {
                o.Members = v;
                return Wrong(v, text => PeerId.TryParse(text, out _), $"peer ids: \"12D3KooW...\"");
            })
            .Flag("mdns", "Whether peers on the local network are looked for, and answered.", o => o.Mdns, (o, v) => o.Mdns = v)
            .Flag("proof_of_work", "Whether identities that are no members must have done their work (Argon2id, 64 MiB, some seconds every 30 days). All of a mesh say the same.", o => o.ProofOfWork, (o, v) => o.ProofOfWork = v)
            .Flag("counter_evidence", "Whether others are told that an address that they accuse is served here as usual.", o => o.CounterEvidence, (o, v) => o.CounterEvidence = v)
            .Flag("share_operator_blocks", "Whether blocks and diversions that an operator sets are told too, as sightings of a scan. Off: why somebody is blocked by hand (a contract, a country, a person) is often nobody else's business, and no sensor saw an attack.", o => o.ShareOperatorBlocks, (o, v) => o.ShareOperatorBlocks = v)
            .Integer("messages_per_hour", "Messages of one reporter that are taken in an hour, and that are sent.", 16, 4096, o => o.MessagesPerHour, (o, v) => o.MessagesPerHour = (int)v)
            .Text("networks_file", "File of lines 'PREFIX NUMBER' that tells which operator (AS) a prefix belongs to; empty: the /16 stands for the operator.", o => o.NetworksFile, (o, v) =>
            {
                o.NetworksFile = v;
                return v.Length == 0 || Path.IsPathFullyQualified(v) ? null : "is the full path of a file, or empty";
            }),
    ];

    private static string? Addresses(IReadOnlyList<string> texts, bool needsPeer, Action<IReadOnlyList<string>> set)
    {
        string? wrong = Wrong(
            texts,
            text => Multiaddr.TryParse(text, out Multiaddr? address) && (!needsPeer || address.Peer is not null),
            needsPeer ? "multiaddrs that end in /p2p/ and a peer id: \"/ip4/192.0.2.7/tcp/9471/p2p/12D3KooW...\"" : "multiaddrs: \"/ip4/0.0.0.0/tcp/9471\"");
        if (wrong is null)
        {
            set(texts);
        }

        return wrong;
    }

    // Null: all are right and each is there once. Else what they have to be, with the one that is not.
    private static string? Wrong(IReadOnlyList<string> texts, Func<string, bool> isRight, string what)
    {
        if (texts.Count > MaxPeers)
        {
            return string.Create(CultureInfo.InvariantCulture, $"is a list of at most {MaxPeers} {what}, not {texts.Count}");
        }

        return texts.FirstOrDefault(text => !isRight(text)) is { } wrong ? $"is a list of {what}; '{wrong}' is none"
            : texts.Count != texts.Distinct(StringComparer.Ordinal).Count() ? $"names '{texts.GroupBy(text => text, StringComparer.Ordinal).First(group => group.Count() > 1).Key}' twice; once is enough"
            : null;
    }
}
