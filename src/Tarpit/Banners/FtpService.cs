using Blackwall.Tarpit.Detection;
using Blackwall.Tarpit.Recording;

namespace Blackwall.Tarpit.Banners;

/// <summary>vsftpd 3.0.5 as Ubuntu 24.04 sets it up: local users only, and none of the passwords is right.</summary>
internal sealed class FtpService(TimeProvider time, TimeSpan idle, double delayScale) : BannerService(time, idle)
{
    private const int LongestLine = 4096;
    private const int MostFailures = 3;
    private static readonly TimeSpan s_refusal = TimeSpan.FromSeconds(2.6);

    public override string Protocol => "ftp";

    protected override async Task RunAsync(Peer peer, ISessionLog log, Action alive, CancellationToken cancellation)
    {
        await WriteAsync(peer, "220 (vsFTPd 3.0.5)\r\n", cancellation);
        PeerLines lines = new(peer, LongestLine);
        string? user = null;
        int failures = 0;
        while (await lines.ReadAsync(cancellation) is { } line)
        {
            alive();
            if (lines.WasCut)
            {
                await WriteAsync(peer, "500 Input line too long.\r\n", cancellation);
                return;
            }

            int space = line.IndexOf(' ', StringComparison.Ordinal);
            string verb = (space < 0 ? line : line[..space]).ToUpperInvariant(), argument = space < 0 ? "" : line[(space + 1)..];
            if (verb is "PASS" && user is not null)
            {
                log.Record(new Observation(ObservationKinds.Login) { User = Readable(user), Secret = Readable(argument), Method = "password", Success = false, Value = lines.Origin });
                await Task.Delay(s_refusal * delayScale, Time, cancellation);
                await WriteAsync(peer, "530 Login incorrect.\r\n", cancellation);
                user = null;
                if (++failures == MostFailures)
                {
                    return;
                }

                continue;
            }

            log.Record(new Observation(ObservationKinds.Request) { Text = Readable(line) });
            user = verb is "USER" ? argument : user;
            await WriteAsync(peer, Answer(verb, argument), cancellation);
            if (verb is "QUIT")
            {
                return;
            }
        }
    }

    private static string Answer(string verb, string argument) => verb switch
    {
        "USER" => "331 Please specify the password.\r\n",
        "PASS" => "503 Login with USER first.\r\n",
        "QUIT" => "221 Goodbye.\r\n",
        "FEAT" => "211-Features:\r\n EPRT\r\n EPSV\r\n MDTM\r\n PASV\r\n REST STREAM\r\n SIZE\r\n TVFS\r\n211 End\r\n",
        "OPTS" when argument.Equals("UTF8 ON", StringComparison.OrdinalIgnoreCase) => "200 Always in UTF8 mode.\r\n",
        "OPTS" => "501 Option not understood.\r\n",
        _ => "530 Please login with USER and PASS.\r\n",
    };
}
