namespace Blackwall.Tarpit.Detection;

/// <summary>Who answers which protocol, and at which port.</summary>
internal sealed class Directory(IService ssh, IService? http)
{
    public IService Ssh => ssh;

    public IService? Find(Guess guess) => guess switch
    {
        Guess.Ssh => ssh,
        Guess.Http => http,
        _ => http,
    };

    /// <summary>Who answers a silent peer at a port.</summary>
    public IService? AtPort(ushort port) => port is 80 or 443 or 8080 or 8443 ? http : null;
}
