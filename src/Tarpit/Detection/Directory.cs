namespace Blackwall.Tarpit.Detection;

/// <summary>Who answers which protocol, and at which port.</summary>
/// <param name="ssh">Answers SSH.</param>
/// <param name="http">Answers HTTP and what nobody else answers; null: such connections are closed.</param>
/// <param name="others">Protocols with ports of their own, beside SSH.</param>
internal sealed class Directory(IService ssh, IService? http, IReadOnlyList<PortService>? others = null)
{
    private static readonly HashSet<ushort> s_sshPorts = [22, 222, 2022, 2200, 2222, 22222];

    private readonly Dictionary<ushort, IService> _owners = (others ?? [])
        .SelectMany(other => other.Ports.Select(port => (port, other.Service)))
        .Concat(s_sshPorts.Select(port => (port, Service: ssh)))
        .ToDictionary(owner => owner.port, owner => owner.Service);

    private readonly Dictionary<Guess, IService> _speakers = (others ?? [])
        .Where(other => other.Guess is not Guess.Unknown)
        .ToDictionary(other => other.Guess, other => other.Service);

    public IService Ssh => ssh;

    /// <summary>
    /// The service whose port this is by convention. It gets every connection at that port at once, whatever the client says, because a real server
    /// there would: it greets first, or waits for its own protocol. Null: the first bytes decide.
    /// </summary>
    public IService? OwnerOf(ushort port) => _owners.GetValueOrDefault(port);

    /// <summary>Who answers a protocol at a port that has no owner.</summary>
    public IService? Find(Guess guess) => guess is Guess.Ssh ? ssh : _speakers.GetValueOrDefault(guess) ?? http;

    /// <summary>Who answers a silent peer at a port that has no owner.</summary>
    public IService? AtPort(ushort port) => port is 80 or 443 or 8080 or 8443 ? http : null;
}
