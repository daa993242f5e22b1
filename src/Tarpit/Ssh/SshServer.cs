using System.Net;
using Blackwall.Tarpit.Sessions;
using Blackwall.Tarpit.Ssh.Crypto;

namespace Blackwall.Tarpit.Ssh;

/// <summary>What all connections of an SSH server share.</summary>
/// <param name="Login">Who comes in, from where, to which address and as which user: the machine that they see.</param>
internal sealed record SshServer(
    SshPersona Persona,
    HostKeys HostKeys,
    SshSettings Settings,
    IAcceptPolicy Policy,
    AuthDelay Delay,
    Func<IPEndPoint, IPEndPoint, string, IHost> Login,
    TimeProvider Time);
