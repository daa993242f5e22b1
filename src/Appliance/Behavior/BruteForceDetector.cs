using Blackwall.Kernel.Abi;
using Blackwall.Pipeline;

namespace Blackwall.Behavior;

/// <summary>
/// Counts logins that failed: those that the server refused in the clear, and at services that speak in cipher the flows that ended the way
/// a failed login does, in which the server answered less than any successful session needs. Payload both ways proves the handshake. A port
/// check that sends nothing is no attempt.
/// </summary>
internal sealed class BruteForceDetector(DetectionOptions options, Judge judge)
{
    public const ushort Ssh = 22;

    private const uint Hour = 3600;
    private const uint Day = 24 * Hour;
    private const int HttpLoginsPerWindow = 20;
    private const int HttpLoginsPerHour = 25;

    private readonly SshSessions _ssh = new(Mixer.NewSeed());

    /// <summary>A client speaks SSH; at which port does not matter.</summary>
    public void OnSshSession(in RequestKey flow) => _ssh.Begin(in flow);

    /// <summary>The server refused a login in words.</summary>
    public void OnRefused(Subject subject, in PacketEvent packet, IFindings findings)
    {
        ref Watch watch = ref subject.Watch;
        watch.RefusedRemotePort = packet.RemotePort;
        watch.RefusedLocalPort = packet.LocalPort;
        Consider(subject, ref Count(ref watch, packet.LocalPort, isRefused: false, packet.TimeNanoseconds), EvidenceClass.Application, packet.TimeNanoseconds, findings);
    }

    /// <summary>A web server refused credentials. A client that keeps sending the ones it has is misconfigured and guesses nothing.</summary>
    public void OnRefused(Subject subject, ushort port, uint credentials, ulong now, IFindings findings)
    {
        if (subject.Watch.Refused.IsNew(credentials))
        {
            Consider(subject, ref Count(ref subject.Watch, port, isRefused: true, now), EvidenceClass.Application, now, findings);
        }
    }

    /// <summary>Whether a closed flow was a failed login, by the server's words or by its look; the latter is then counted.</summary>
    public bool OnClosed(Subject subject, in PacketEvent packet, IFindings findings)
    {
        if (packet.BytesIn == 0 || packet.BytesOut == 0)
        {
            return false;
        }

        if (subject.IsWatched && subject.Watch.RefusedRemotePort == packet.RemotePort && subject.Watch.RefusedLocalPort == packet.LocalPort)
        {
            subject.Watch.RefusedRemotePort = 0;
            return true;
        }

        // Guesses at SSH count together, whatever the ports.
        ushort port = _ssh.End(new RequestKey(packet.Remote.ToAddress(), packet.RemotePort, packet.LocalPort)) ? Ssh : packet.LocalPort;
        if (packet.BytesOut > LargestFailure(port))
        {
            // Tools open connections to databases that nobody logs in on; only the server's words count there.
            if (subject.IsWatched && port is not (3306 or 5432))
            {
                GotIn(ref subject.Watch, port);
            }

            return false;
        }

        Consider(subject, ref Count(ref subject.Watch, port, isRefused: false, packet.TimeNanoseconds), EvidenceClass.Handshake, packet.TimeNanoseconds, findings);
        return true;
    }

    /// <summary>A login form was posted. A shared address posts some, so it takes more of them.</summary>
    public void OnHttpLogin(Subject subject, ushort port, ulong now, IFindings findings)
    {
        ref LoginCounter counter = ref Count(ref subject.Watch, port, isRefused: false, now);
        if (counter.Fast.Failed >= Math.Max(HttpLoginsPerWindow, options.BruteForceAttempts))
        {
            Report(subject, in counter.Fast, port, 0.8, EvidenceClass.Application, now, findings);
        }
        else if (counter.Slow.Failed >= HttpLoginsPerHour && Judge.IsRipe(ref subject.Watch, EvidenceKind.BruteForce, now))
        {
            // An office in the morning looks like this, so it is told and no more.
            string detail = $"posted {Sentences.Count(counter.Slow.Failed, "login")} at {ServiceName(port)} in {Sentences.Duration((Profile.Seconds(now) - counter.Slow.Since) * 1000)}";
            judge.Suspect(subject, EvidenceKind.BruteForce, 0.2, detail, now, findings);
        }
    }

    private void Consider(Subject subject, ref LoginCounter counter, EvidenceClass evidenceClass, ulong now, IFindings findings)
    {
        ushort port = counter.Port;
        int margin = counter.Margin(subject.Profile.Uses);
        if (counter.Fast.Suspect(margin) >= options.BruteForceAttempts)
        {
            Report(subject, in counter.Fast, port, 0.9, evidenceClass, now, findings);
        }
        else if (counter.Slow.Suspect(margin) >= options.SlowBruteForceAttempts)
        {
            Report(subject, in counter.Slow, port, 0.8, evidenceClass, now, findings);
        }
        else if (counter.Day.Suspect(margin) >= options.DayBruteForceAttempts && !IsMail(port))
        {
            Report(subject, in counter.Day, port, 0.7, evidenceClass, now, findings);
        }
        else if (counter.Day.Suspect(margin) == (IsMail(port) ? options.DayBruteForceAttempts : options.FirstSignLogins) && Judge.IsRipe(ref subject.Watch, EvidenceKind.BruteForce, now))
        {
            string detail = $"failed {Sentences.Count(counter.Day.Failed, "login")} at {ServiceName(port)} today; that may be somebody who forgot a password";
            judge.Suspect(subject, EvidenceKind.BruteForce, 0.2, detail, now, findings);
        }
    }

    private void Report(Subject subject, in LoginWindow window, ushort port, double weight, EvidenceClass evidenceClass, ulong now, IFindings findings)
    {
        if (Judge.IsRipe(ref subject.Watch, EvidenceKind.BruteForce, now))
        {
            string detail = $"tried {Sentences.Count(window.Failed, "login")} at {ServiceName(port)} in {Sentences.Duration((Profile.Seconds(now) - window.Since) * 1000)}";
            judge.Report(subject, EvidenceKind.BruteForce, evidenceClass, weight, detail, now, findings);
        }
    }

    private ref LoginCounter Count(ref Watch watch, ushort port, bool isRefused, ulong now)
    {
        int place = 0;
        for (int i = 0; i < Watch.LoginCounters.Length; i++)
        {
            ref LoginCounter counter = ref watch.Logins[i];
            if (counter.Port == port && counter.IsRefused == isRefused)
            {
                place = i;
                break;
            }

            if (counter.Slow.Failed < watch.Logins[place].Slow.Failed)
            {
                place = i;
            }
        }

        ref LoginCounter taken = ref watch.Logins[place];
        if (taken.Port != port || taken.IsRefused != isRefused)
        {
            taken = new LoginCounter { Port = port, IsRefused = isRefused };
        }

        taken.Count(Profile.Seconds(now), (uint)options.BruteForceWindowSeconds, Hour, Day);
        return ref taken;
    }

    private static void GotIn(ref Watch watch, ushort port)
    {
        foreach (ref LoginCounter counter in (Span<LoginCounter>)watch.Logins)
        {
            if (counter.Port == port && !counter.IsRefused)
            {
                counter.Clear();
                return;
            }
        }
    }

    // Somebody's telephone asks for mail with last year's password all day long.
    private static bool IsMail(ushort port) => port is 25 or 110 or 143 or 587;

    // Most payload bytes that a server sends before it has let somebody in, where it does not say so in the clear. SSH measured with OpenSSH
    // 9.2: a refused password 2,865 (about 90 more each further one), hydra 1,773 to 1,929, the shortest successful session 3,705. The others
    // follow from their protocols: a greeting and one refusal (FTP 220+331+530), RDP until CredSSP fails. MySQL, PostgreSQL and mail are
    // not here: a short session there says hardly more than a refusal, so only the server's words count.
    private static ulong LargestFailure(ushort port) => port switch
    {
        21 => 400,
        Ssh => 3300,
        23 => 500,
        3389 => 10_000,
        5900 => 120,
        _ => 0,
    };

    private static string ServiceName(ushort port) => port switch
    {
        21 => "FTP",
        Ssh => "SSH",
        23 or 2323 => "Telnet",
        25 or 587 => "SMTP",
        110 => "POP3",
        143 => "IMAP",
        3306 => "MySQL",
        3389 => "RDP",
        5432 => "PostgreSQL",
        5900 => "VNC",
        _ => $"the web server on port {port}",
    };
}
