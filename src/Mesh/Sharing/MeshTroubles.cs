using System.Globalization;
using Blackwall.Mesh.Libp2p;

namespace Blackwall.Mesh.Sharing;

/// <summary>
/// Tells the operator, in sentences that name the setting, what keeps this sensor from others: a wrong id or key, another mesh, nobody there. Each is counted when it begins
/// or is met again. Thread-safe.
/// </summary>
/// <param name="options">How this sensor takes part.</param>
/// <param name="began">When it began to.</param>
internal sealed class MeshTroubles(SharingOptions options, DateTimeOffset began)
{
    private const string ProtocolStart = "/blackwall/";
    private const string ProtocolEnd = "/recent/1.0.0";

    /// <summary>A peer that is gone for less may be restarting.</summary>
    private static readonly TimeSpan AloneAfter = TimeSpan.FromMinutes(1);

    /// <summary>Where nobody is configured, others may take longer to come.</summary>
    private static readonly TimeSpan AloneUnasked = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan RefusedFor = TimeSpan.FromMinutes(10);

    /// <summary>The other one may say nothing for hours.</summary>
    private static readonly TimeSpan ImpersonatedFor = TimeSpan.FromDays(1);

    private readonly Lock _gate = new();
    private readonly long[] _counts = new long[Enum.GetValues<MeshTrouble>().Length];
    private readonly Dictionary<Multiaddr, (MeshTrouble Trouble, string Message)> _dials = [];
    private readonly Dictionary<PeerId, DateTimeOffset> _refused = [];
    private readonly Dictionary<PeerId, string> _otherMeshes = [];
    private readonly Dictionary<PeerId, (TimeSpan Ahead, DateTimeOffset At)> _clocks = [];
    private DateTimeOffset? _impersonated;
    private readonly HashSet<PeerId> _configured = [.. options.Peers.Select(address => address.Peer).OfType<PeerId>()];
    private DateTimeOffset _lastPeer = began;
    private bool _isAlone;

    public long this[MeshTrouble trouble] => Interlocked.Read(ref _counts[(int)trouble]);

    /// <summary>A configured peer could not be connected.</summary>
    public void DialFailed(Multiaddr address, MeshException why)
    {
        MeshTrouble trouble = why.Fault switch
        {
            DialFault.WrongPeer => MeshTrouble.WrongPeer,
            DialFault.NotUnderstood => MeshTrouble.OtherSwarm,
            _ => MeshTrouble.Unreachable,
        };
        lock (_gate)
        {
            _dials[address] = (trouble, why.Message.TrimEnd('.'));
        }

        Count(trouble);
    }

    /// <summary>A message was refused for the work of its author.</summary>
    public void Refused(PeerId author, DateTimeOffset now)
    {
        if (_configured.Contains(author))
        {
            lock (_gate)
            {
                _refused[author] = now;
            }

            Count(MeshTrouble.WorkOwed);
        }
    }

    /// <summary>A member told the time by its clock.</summary>
    public void ClockOf(PeerId member, TimeSpan ahead, DateTimeOffset now)
    {
        bool begins;
        lock (_gate)
        {
            bool differs = ahead.Duration() > IndicatorIntake.Skew;
            begins = differs && !_clocks.ContainsKey(member);
            if (differs)
            {
                _clocks[member] = (ahead, now);
            }
            else
            {
                _clocks.Remove(member);
            }
        }

        if (begins)
        {
            Count(MeshTrouble.ClockDiffers);
        }
    }

    /// <summary>A message came with our signature that this process did not make.</summary>
    public void Impersonated(DateTimeOffset now)
    {
        lock (_gate)
        {
            _impersonated = now;
        }

        Count(MeshTrouble.SameIdentity);
    }

    /// <summary>Looks who is connected; about once a second.</summary>
    /// <param name="connected">The peers, with the protocols that they told.</param>
    /// <param name="now">The time.</param>
    public void Look(IReadOnlyCollection<(PeerId Peer, IReadOnlyList<string> Protocols)> connected, DateTimeOffset now)
    {
        lock (_gate)
        {
            foreach (Multiaddr reached in _dials.Keys.Where(address => connected.Any(peer => peer.Peer == address.Peer)).ToArray())
            {
                _dials.Remove(reached);
            }

            foreach (PeerId past in _refused.Where(pair => (now - pair.Value).Duration() > RefusedFor).Select(pair => pair.Key).ToArray())
            {
                _refused.Remove(past);
            }

            foreach (PeerId past in _clocks.Where(pair => (now - pair.Value.At).Duration() > RefusedFor).Select(pair => pair.Key).ToArray())
            {
                _clocks.Remove(past);
            }

            _impersonated = _impersonated is { } at && (now - at).Duration() > ImpersonatedFor ? null : _impersonated;
            foreach (PeerId gone in _otherMeshes.Keys.Where(peer => !connected.Any(known => known.Peer == peer)).ToArray())
            {
                _otherMeshes.Remove(gone);
            }

            foreach ((PeerId peer, IReadOnlyList<string> protocols) in connected)
            {
                if (OtherMeshOf(protocols) is { } other && _otherMeshes.TryAdd(peer, other))
                {
                    Count(MeshTrouble.OtherMesh);
                }
            }

            // Who is of another mesh is nobody to talk to.
            if (connected.Count > _otherMeshes.Count)
            {
                (_lastPeer, _isAlone) = (now, false);
            }

            bool isAlone = now - _lastPeer >= (options.Peers.Count > 0 ? AloneAfter : AloneUnasked);
            if (isAlone && !_isAlone)
            {
                Count(MeshTrouble.Alone);
            }

            _isAlone = isAlone;
        }
    }

    /// <summary>What is wrong now, the cause before what follows from it.</summary>
    public IReadOnlyList<string> Sentences(DateTimeOffset now)
    {
        lock (_gate)
        {
            List<string> sentences =
            [
                .. _dials.Where(dial => dial.Value.Trouble is MeshTrouble.WrongPeer).Select(dial => $"mesh.peers: another peer answers at {dial.Key}. {dial.Value.Message}. Correct the id, or find out who took its place."),
                .. _dials.Where(dial => dial.Value.Trouble is MeshTrouble.OtherSwarm).Select(dial => options.Swarm is null
                    ? $"mesh.peers: what answers at {dial.Key} does not understand this sensor. Its mesh has a swarm key (mesh.swarm_key_file) and this one has none, or it is no sensor."
                    : $"mesh.swarm_key_file: {dial.Key} has another swarm key, or none. All sensors of a private mesh need the same."),
                .. _otherMeshes.Select(other => $"mesh.name: the peer {other.Key} is of the mesh '{other.Value}', and this sensor of '{options.Mesh}'. Neither hears the other."),
                .. _refused.Select(refused => $"mesh.proof_of_work: what the peer {refused.Key} reports is refused, for its identity has not done its work. Set mesh.proof_of_work alike on all sensors, or name it in mesh.members."),
                .. _clocks.Select(clock => string.Create(CultureInfo.InvariantCulture, $"The clock of the member {clock.Key} is {(int)clock.Value.Ahead.Duration().TotalMinutes} minutes {(clock.Value.Ahead > TimeSpan.Zero ? "ahead of" : "behind")} this sensor's, or this one's is wrong. Reports from more than 10 minutes ahead are not taken. Set both clocks by NTP.")),
            ];
            if (_impersonated is not null)
            {
                sentences.Insert(0, "mesh: another sensor signs with the identity of this one, so others will silence both. One of them runs on a copy of the other's state folder: stop it, delete mesh/ in its state folder, and start it with an identity of its own.");
            }

            if (_isAlone)
            {
                string why = _dials.Values.FirstOrDefault(dial => dial.Trouble is MeshTrouble.Unreachable).Message is { } message ? $" ({message})" : "";
                string who = options.Peers.Count > 0 ? $"none of mesh.peers can be talked to{why}" : "mesh.peers names nobody, and nobody came";
                sentences.Add(string.Create(CultureInfo.InvariantCulture, $"The mesh has had no peer for {Math.Max(1, (int)(now - _lastPeer).TotalMinutes)} minutes: {who}. What is reported waits for one."));
            }

            return sentences;
        }
    }

    private string? OtherMeshOf(IReadOnlyList<string> protocols)
    {
        string[] meshes =
        [
            .. protocols.Where(protocol => protocol.Length > ProtocolStart.Length + ProtocolEnd.Length && protocol.StartsWith(ProtocolStart, StringComparison.Ordinal) && protocol.EndsWith(ProtocolEnd, StringComparison.Ordinal))
                .Select(protocol => protocol[ProtocolStart.Length..^ProtocolEnd.Length]),
        ];
        return meshes.Length == 0 || meshes.Contains(options.Mesh, StringComparer.Ordinal) || meshes[0].Length > 64 || !meshes[0].All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.') ? null : meshes[0];
    }

    private void Count(MeshTrouble trouble) => Interlocked.Increment(ref _counts[(int)trouble]);
}
