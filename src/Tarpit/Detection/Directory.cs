namespace Blackwall.Tarpit.Detection;

/// <summary>Who answers which protocol, and at which port.</summary>
/// <param name="ssh">SSH.</param>
/// <param name="http">HTTP in the clear.</param>
/// <param name="tls">TLS, and what is found inside of it.</param>
internal sealed class Directory(IService ssh, IService? http, IService? tls)
{
    public IService Ssh => ssh;

    /// <summary>Who answers what a peer said first.</summary>
    /// <param name="port">The port that it asked for: what is no protocol there gets the answer that the port's own server gives.</param>
    public IService? Find(Guess guess, ushort port) => guess switch
    {
        Guess.Ssh => ssh,
        Guess.Http => http,
        Guess.Tls => IsPlainWeb(port) ? http : tls,
        _ => AtPort(port) ?? http,
    };

    /// <summary>Who answers a silent peer at a port.</summary>
    public IService? AtPort(ushort port) => IsPlainWeb(port) ? http : port is 443 or 8443 ? tls : null;

    private static bool IsPlainWeb(ushort port) => port is 80 or 8000 or 8080 or 8888;
}
