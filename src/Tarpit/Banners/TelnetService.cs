using Blackwall.Tarpit.Detection;
using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.Sessions;
using Blackwall.Tarpit.Ssh;
using Blackwall.Tarpit.World;

namespace Blackwall.Tarpit.Banners;

/// <summary>telnetd with login(1): asks for a name and a password, and whoever is let in has the shell that SSH has.</summary>
internal sealed class TelnetService(Machine machine, SshServer ssh, TimeSpan idle) : BannerService(machine.Time, idle)
{
    private const int MostTries = 5;
    private const int LongestName = 256;
    private static readonly TimeSpan s_negotiation = TimeSpan.FromMilliseconds(300);

    // DO terminal type, speed, display, environment; then WILL suppress go-ahead, DO window size, WILL status, DO flow control, WILL echo.
    private static readonly byte[] s_first = [255, 253, 24, 255, 253, 32, 255, 253, 35, 255, 253, 39];
    private static readonly byte[] s_second = [255, 250, 24, 1, 255, 240, 255, 251, 3, 255, 253, 31, 255, 251, 5, 255, 253, 33, 255, 251, 1];

    public override string Protocol => "telnet";

    protected override async Task RunAsync(Peer peer, ISessionLog log, Action alive, CancellationToken cancellation)
    {
        TelnetStream stream = new(peer, log, alive);
        await stream.SendAsync(s_first, cancellation);
        await stream.WaitForNegotiationAsync(s_negotiation, Time, cancellation);
        await stream.SendAsync(s_second, cancellation);
        await stream.WriteTextAsync($"{machine.Release}\r\n", cancellation);
        bool mayBeBrowser = false;
        for (int tries = 0; tries < MostTries; tries++)
        {
            string prompt = $"{machine.HostName} login: ";
            string? user = "";
            while (user is { Length: 0 })
            {
                await stream.WriteTextAsync(prompt, cancellation);
                user = await stream.ReadLineAsync(LongestName, echo: true, cancellation);
            }

            if (user is null)
            {
                return;
            }

            await stream.WriteTextAsync("Password: ", cancellation);
            if (await stream.ReadLineAsync(LongestName, echo: false, cancellation) is not { } password)
            {
                return;
            }

            await stream.WriteTextAsync("\r\n", cancellation);
            mayBeBrowser |= PeerLines.IsHttpRequest(user);
            bool isAccepted = !mayBeBrowser && await ssh.Logins.AcceptsAsync(peer.Remote.Address, user, password, cancellation);
            log.Record(new Observation(ObservationKinds.Login) { User = user, Secret = password, Method = "password", Success = isAccepted, Value = mayBeBrowser ? Observation.CrossSite : null });
            if (isAccepted)
            {
                await Task.Delay(ssh.Delay.ForAcceptance(), Time, cancellation);
                stream.BeginTerminal();
                IHost host = await ssh.Logins.LogInAsync(peer.Remote, peer.Destination, user, null, cancellation);
                await host.ShellAsync(stream, log, cancellation);
                return;
            }

            await Task.Delay(ssh.Delay.ForRefusal(user, throughPam: true), Time, cancellation);
            await stream.WriteTextAsync("\r\nLogin incorrect\r\n", cancellation);
        }

        await stream.WriteTextAsync("Maximum number of tries exceeded (5)\r\n", cancellation);
    }
}
