using System.Globalization;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Keys;

namespace Blackwall.Mesh.Peer;

/// <summary>The command line of the diagnostic peer.</summary>
public sealed record PeerOptions
{
    public const string Help = """
        usage: blackwall mesh peer [options]
        A stand-alone libp2p peer for operators and interoperability tests. It prints what happens as JSON, one object a line:
        ready, connection, disconnection, identify, subscription, graft, prune, message, discovery, error, lost (docs/MESH.md tells
        each). Ctrl-C or SIGTERM ends it with exit code 0. Commands are read from standard input where that is no terminal, one a line:
        {"publish":{"topic":"T","text":"hello"}} (or "data" in base64), {"ping":"ID"}, {"stats":true}, and with --kad-prefix
        {"findPeer":"ID"}, {"closest":"ID"}, {"putValue":{"key":"/NAME/K","text":"V"}}, {"getValue":"/NAME/K"}, {"provide":"BASE64"}
        and {"providers":"BASE64"}; the answers are the events published, pong, stats, found, closest, stored, value, provided, providers.
          --listen MULTIADDR   where to listen; may be given several times (/ip4/127.0.0.1/tcp/0)
          --dial MULTIADDR     a peer to connect to and stay connected with; may be given several times. One that ends in
                               /p2p/ID must prove to be that peer
          --key-type TYPE      kind of identity: ed25519, secp256k1 or rsa (ed25519)
          --identity FILE      keep the identity in this file; without it, every run is a new peer
          --topic TOPIC        subscribe; may be given several times
          --echo               answer each message P on a topic that does not start with 'echo:' by publishing 'echo:' and P
          --message-id KIND    id of a message: spec (its sender and number) or sha256 (the first 20 bytes of the SHA-256 of topic,
                               a zero byte and data) (sha256)
          --kad-prefix ID      protocol of the Kademlia to take part in, such as /blackwall/kad/1.0.0; records are accepted under
                               its name
          --max-message BYTES  the longest payload that is accepted and published, 1..1048576 (65536)
          --mdns               find peers on the local network and be found

        """;

    public IReadOnlyList<Multiaddr> Listen { get; init; } = [];

    public IReadOnlyList<Multiaddr> Dial { get; init; } = [];

    public KeyType KeyType { get; init; } = KeyType.Ed25519;

    /// <summary>The kind was asked for: an identity of another kind is refused.</summary>
    public bool KeyTypeAsked { get; init; }

    /// <summary>Where the identity is kept; null: nowhere.</summary>
    public string? Identity { get; init; }

    public IReadOnlyList<string> Topics { get; init; } = [];

    public bool Echo { get; init; }

    /// <summary>True: sender and number; false: SHA-256 of topic and data.</summary>
    public bool SpecMessageId { get; init; }

    /// <summary>"/blackwall/kad/1.0.0"; null: no Kademlia.</summary>
    public string? KadPrefix { get; init; }

    /// <summary>The longest payload, in bytes.</summary>
    public int MaxMessage { get; init; } = 65_536;

    public bool Mdns { get; init; }

    /// <summary>Null where the command line is not understood, with the reason.</summary>
    public static PeerOptions? TryParse(IReadOnlyList<string> arguments, out string? error)
    {
        var options = new PeerOptions();
        for (int at = 0; at < arguments.Count; at++)
        {
            string name = arguments[at];
            string? value = null;
            if (name.StartsWith("--", StringComparison.Ordinal) && name.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals)
            {
                (name, value) = (name[..equals], name[(equals + 1)..]);
            }

            if (name is "--echo" or "--mdns")
            {
                if (value is not null)
                {
                    error = $"{name} takes no value";
                    return null;
                }

                options = name is "--echo" ? options with { Echo = true } : options with { Mdns = true };
                continue;
            }

            if (!Known(name))
            {
                error = $"'{name}' is no option";
                return null;
            }

            value ??= ++at < arguments.Count ? arguments[at] : null;
            if (value is null)
            {
                error = $"{name} needs a value";
                return null;
            }

            error = null;
            if (options.With(name, value, ref error) is not { } changed)
            {
                return null;
            }

            options = changed;
        }

        error = null;
        return options.Listen.Count > 0 || !Multiaddr.TryParse("/ip4/127.0.0.1/tcp/0", out Multiaddr? local) ? options : options with { Listen = [local] };
    }

    private static bool Known(string name) =>
        name is "--listen" or "--dial" or "--key-type" or "--identity" or "--topic" or "--message-id" or "--kad-prefix" or "--max-message";

    // Null: there is a transport for it.
    private static string? Undialable(Multiaddr address, bool dial)
    {
        Multiaddr bare = address.WithoutPeer();
        MultiaddrProtocol[] parts = [.. bare.Parts.Select(part => part.Protocol)];
        return parts switch
        {
            [] => "names a peer and no address; one looks like /ip4/127.0.0.1/tcp/4001",
            [MultiaddrProtocol.Ip4 or MultiaddrProtocol.Ip6, MultiaddrProtocol.Tcp] => null,
            [MultiaddrProtocol.Ip4 or MultiaddrProtocol.Ip6, MultiaddrProtocol.Udp, MultiaddrProtocol.QuicV1] => null,
            [MultiaddrProtocol.Dns or MultiaddrProtocol.Dns4 or MultiaddrProtocol.Dns6, MultiaddrProtocol.Tcp] => dial ? null : "is a name; listen at an address",
            [_] => "has no port; add one such as /tcp/4001",
            [MultiaddrProtocol.Ip4 or MultiaddrProtocol.Ip6 or MultiaddrProtocol.Dns or MultiaddrProtocol.Dns4 or MultiaddrProtocol.Dns6, MultiaddrProtocol.Tcp, var more, ..] =>
                $"has the part '{more}' that there is no transport for",
            [_, var second, ..] => $"has the part '{second}' that there is no transport for",
        };
    }

    private PeerOptions? With(string name, string value, ref string? error)
    {
        switch (name)
        {
            case "--listen" or "--dial" when !Multiaddr.TryParse(value, out _):
                error = $"{name}: '{value}' is no multiaddr; one looks like /ip4/127.0.0.1/tcp/4001";
                return null;
            case "--listen" or "--dial" when Multiaddr.TryParse(value, out Multiaddr? address) && Undialable(address, name is "--dial") is { } wrong:
                error = $"{name}: '{value}' {wrong}";
                return null;
            case "--listen" when Multiaddr.TryParse(value, out Multiaddr? listen):
                return this with { Listen = [.. Listen, listen.WithoutPeer()] };
            case "--dial" when Multiaddr.TryParse(value, out Multiaddr? dial):
                return this with { Dial = [.. Dial, dial] };
            case "--key-type":
                KeyType? type = value.ToUpperInvariant() switch { "ED25519" => KeyType.Ed25519, "SECP256K1" => KeyType.Secp256k1, "RSA" => KeyType.Rsa, _ => null };
                error = type is null ? $"--key-type: '{value}' is none of ed25519, secp256k1, rsa" : null;
                return type is { } known ? this with { KeyType = known, KeyTypeAsked = true } : null;
            case "--identity" when Identity is not null:
                error = "--identity: a peer has one identity";
                return null;
            case "--identity":
                error = value.Length == 0 ? "--identity: a file name is needed" : null;
                return error is null ? this with { Identity = value } : null;
            case "--topic":
                error = value.Length == 0 || System.Text.Encoding.UTF8.GetByteCount(value) > 256 ? "--topic: 1 to 256 bytes of UTF-8" : null;
                return error is null ? this with { Topics = [.. Topics, value] } : null;
            case "--message-id":
                error = value is "spec" or "sha256" ? null : $"--message-id: '{value}' is none of spec, sha256";
                return error is null ? this with { SpecMessageId = value is "spec" } : null;
            case "--kad-prefix":
                error = value.Length is > 1 and <= 128 && value[0] == '/' && !value.Any(char.IsWhiteSpace) ? null : $"--kad-prefix: '{value}' is no protocol; one looks like /blackwall/kad/1.0.0";
                return error is null ? this with { KadPrefix = value } : null;
            default:
                bool good = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int bytes) && bytes is >= 1 and <= 1_048_576;
                error = good ? null : $"--max-message: '{value}' is not within 1..1048576";
                return good ? this with { MaxMessage = bytes } : null;
        }
    }
}
