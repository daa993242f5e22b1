using Blackwall.Tarpit.Sessions;
using Blackwall.Tarpit.Ssh.Crypto;

namespace Blackwall.Tarpit.Ssh;

/// <summary>What all connections of an SSH server share.</summary>
/// <param name="Logins">Who is let in, and the machine that he finds.</param>
internal sealed record SshServer(
    SshPersona Persona,
    HostKeys HostKeys,
    SshSettings Settings,
    IShellLogins Logins,
    AuthDelay Delay,
    TimeProvider Time);
