using Blackwall.Behavior.Judgement;
using Blackwall.Behavior.Memory;
using Blackwall.Behavior.Settings;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;

namespace Blackwall.Behavior.Detectors;

/// <summary>
/// Counts logins that failed: those that the server refused in the clear; at SSH those whose course the kernel followed to a refusal and no
/// further; and at other services that speak in cipher the flows in which the server answered less than any successful session needs. Payload
/// both ways proves the handshake. A port check that sends nothing is no attempt.
/// </summary>
internal sealed class BruteForceDetector(DetectionOptions options, Judge judge, HouseholdDetector households) : SourceDetector
{
    public const ushort Ssh = 22;

    private const ushort OtherSsh = 2222;
    private const ushort Ftp = 21;
    private const ushort Smb = 445;
    private const ushort Rdp = 3389;
    private const ulong SmallestTlsAnswer = 256;
    private const uint Hour = 3600;
    private const uint Day = 24 * Hour;
    private const int HttpLoginsPerWindow = 20;
    private const int HttpLoginsPerHour = 25;

    // Pages asked for beside each posted login, from which on the address is many people's, and how many times more they may post.
    private const int PagesPerLogin = 2;
    private const int ManyPeople = 3;

    /// <summary>
    /// The server refused a login in words. Some take the lines of a form that a page makes a browser post to them for commands.
    /// </summary>
    public override void OnLoginRefused(Subject subject, in PacketEvent packet, IFindings findings)
    {
        ref Watch watch = ref subject.Watch;
        watch.RefusedRemotePort = packet.RemotePort;
        watch.RefusedLocalPort = packet.LocalPort;
        EvidenceClass evidenceClass = packet.Facts.HasFlag(Facts.Http) ? EvidenceClass.Spoofable : EvidenceClass.Application;
        Consider(subject, ref Count(ref watch, packet.LocalPort, isRefused: false, evidenceClass, packet.TimeNanoseconds), evidenceClass, packet.TimeNanoseconds, findings);
    }

    /// <summary>A web server refused credentials. A client that keeps sending the ones it has is misconfigured and guesses nothing.</summary>
    public void OnRefused(Subject subject, ushort port, uint credentials, EvidenceClass evidenceClass, ulong now, IFindings findings)
    {
        ref Watch watch = ref subject.Watch;
        bool isLed = evidenceClass == EvidenceClass.Spoofable;
        bool isNew = isLed ? watch.LedRefused != credentials : watch.Refused.IsNew(credentials);
        watch.LedRefused = isLed ? credentials : watch.LedRefused;
        if (isNew)
        {
            Consider(subject, ref Count(ref watch, port, isRefused: true, evidenceClass, now), evidenceClass, now, findings);
        }
    }

    /// <summary>A web server took credentials.</summary>
    public static void OnTaken(Subject subject, ushort port)
    {
        if (subject.IsWatched)
        {
            GotIn(ref subject.Watch, port, isRefused: true);
        }
    }

    /// <summary>
    /// Whether a closed flow let nobody in: by the server's words, by the course of SSH or by its look, which are then counted, or because the client did not even try,
    /// as a monitor that reads the greeting and answers with its own.
    /// </summary>
    public override bool OnClosed(Subject subject, in PacketEvent packet, in Contact contact, IFindings findings)
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

        ushort port = packet.LocalPort;
        switch (packet.Ssh)
        {
            // Failed SSH logins are counted together, whatever the port.
            case SshState.Refused:
                Consider(subject, ref Count(ref subject.Watch, Ssh, isRefused: false, EvidenceClass.Handshake, packet.TimeNanoseconds), EvidenceClass.Handshake, packet.TimeNanoseconds, findings);
                return true;
            case SshState.In:
                households.OnGotIn(subject.Profile.Key, packet.TimeNanoseconds);
                if (subject.IsWatched)
                {
                    GotIn(ref subject.Watch, Ssh, isRefused: false);
                }

                return false;
            // A capture without payload, or a port without a real server behind it.
            case SshState.None when port is OtherSsh:
            case SshState.Odd:
                port = Ssh;
                break;
            case not SshState.None:
                return true;
        }

        if (packet.BytesIn < SmallestTry(port))
        {
            return true;
        }

        if (packet.BytesOut > LargestFailure(port))
        {
            // Tools open connections to databases and shares that nobody logs in on; only the server's words count there.
            if (subject.IsWatched && port is not (3306 or 5432 or 6379 or Smb))
            {
                GotIn(ref subject.Watch, port, isRefused: false);
            }

            return false;
        }

        if (IsBrowser(in packet))
        {
            return true;
        }

        if (port == Ftp)
        {
            // A short session or an end after a refusal that was counted as it was said.
            return true;
        }

        Consider(subject, ref Count(ref subject.Watch, port, isRefused: false, EvidenceClass.Handshake, packet.TimeNanoseconds), EvidenceClass.Handshake, packet.TimeNanoseconds, findings);
        return true;
    }

    /// <summary>A login form was posted. A shared address posts some, so it takes more of them.</summary>
    public override void OnSign(Subject subject, in Sign sign, ulong now, IFindings findings)
    {
        if (sign.Kind == SignKind.LoginForm)
        {
            OnHttpLogin(subject, sign.LocalPort, sign.Class, now, findings);
        }
    }

    private void OnHttpLogin(Subject subject, ushort port, EvidenceClass evidenceClass, ulong now, IFindings findings)
    {
        ref LoginCounter counter = ref Count(ref subject.Watch, port, isRefused: false, evidenceClass, now);
        int people = subject.Watch.Targets.Count >= counter.Fast.Failed * PagesPerLogin ? ManyPeople : 1;
        if (counter.Fast.Failed >= Math.Max(HttpLoginsPerWindow, options.BruteForceAttempts) * people)
        {
            Report(subject, in counter.Fast, port, 0.8, evidenceClass, now, findings);
        }
        else if (!counter.IsLed && counter.Slow.Failed >= HttpLoginsPerHour && Judge.IsRipe(ref subject.Watch, EvidenceKind.BruteForce, now))
        {
            // An office in the morning looks like this, so it is told and no more.
            EvidenceFacts facts = FactsOf(Findings.LoginsPosted, in counter.Slow, port, now);
            judge.Suspect(subject, EvidenceKind.BruteForce, 0.2, facts, now, findings);
        }
    }

    private void Consider(Subject subject, ref LoginCounter counter, EvidenceClass evidenceClass, ulong now, IFindings findings)
    {
        bool isLed = evidenceClass == EvidenceClass.Spoofable;
        if (!isLed)
        {
            households.OnFailed(subject, evidenceClass, now, findings);
        }

        ushort port = counter.Port;
        int margin = counter.Margin(subject.Profile.Uses);
        int fast = port == Smb ? options.SlowBruteForceAttempts : options.BruteForceAttempts;
        if (counter.Fast.Suspect(margin) >= fast)
        {
            Report(subject, in counter.Fast, port, 0.9, evidenceClass, now, findings);
        }
        else if (counter.Slow.Suspect(margin) >= options.SlowBruteForceAttempts)
        {
            Report(subject, in counter.Slow, port, 0.8, evidenceClass, now, findings);
        }
        else if (counter.Day.Suspect(margin) >= options.DayBruteForceAttempts && !KeepsAsking(port))
        {
            Report(subject, in counter.Day, port, 0.7, evidenceClass, now, findings);
        }
        else if (!isLed && counter.Day.Suspect(margin) == (KeepsAsking(port) ? options.DayBruteForceAttempts : options.FirstSignLogins) && Judge.IsRipe(ref subject.Watch, EvidenceKind.BruteForce, now))
        {
            EvidenceFacts facts = FactsOf(Findings.LoginsFailedToday, in counter.Day, port, now);
            judge.Suspect(subject, EvidenceKind.BruteForce, 0.2, facts, now, findings);
        }
    }

    private void Report(Subject subject, in LoginWindow window, ushort port, double weight, EvidenceClass evidenceClass, ulong now, IFindings findings)
    {
        if (Judge.IsRipe(ref subject.Watch, EvidenceKind.BruteForce, evidenceClass, now))
        {
            EvidenceFacts facts = FactsOf(Findings.LoginsTried, in window, port, now) with { LedByOthers = evidenceClass == EvidenceClass.Spoofable ? true : null };
            judge.Report(subject, EvidenceKind.BruteForce, evidenceClass, weight, facts, now, findings);
        }
    }

    private static EvidenceFacts FactsOf(Finding finding, in LoginWindow window, ushort port, ulong now) => new(finding)
    {
        Logins = window.Failed,
        Port = port,
        Service = ServiceName(port),
        Protocol = "tcp",
        SpanMilliseconds = (Profile.Seconds(now) - window.Since) * 1000,
    };

    // What other sites can make a browser try is counted by itself.
    private ref LoginCounter Count(ref Watch watch, ushort port, bool isRefused, EvidenceClass evidenceClass, ulong now)
    {
        bool isLed = evidenceClass == EvidenceClass.Spoofable;
        int place = 0;
        for (int i = 0; i < Watch.LoginCounters.Length; i++)
        {
            ref LoginCounter counter = ref watch.Logins[i];
            if (counter.Port == port && counter.IsRefused == isRefused && counter.IsLed == isLed)
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
        if (taken.Port != port || taken.IsRefused != isRefused || taken.IsLed != isLed)
        {
            taken = new LoginCounter { Port = port, IsRefused = isRefused, IsLed = isLed };
        }

        taken.Count(Profile.Seconds(now), (uint)options.BruteForceWindowSeconds, Hour, Day);
        return ref taken;
    }

    private static void GotIn(ref Watch watch, ushort port, bool isRefused)
    {
        foreach (ref LoginCounter counter in (Span<LoginCounter>)watch.Logins)
        {
            if (counter.Port == port && counter.IsRefused == isRefused && !counter.IsLed)
            {
                counter.Clear();
                return;
            }
        }
    }

    // A page makes any browser send requests and hellos to any port: nothing that logs in there begins like that. Only RDP has TLS inside, and
    // says its certificate then.
    private static bool IsBrowser(in PacketEvent packet) =>
        packet.Facts.HasFlag(Facts.Http) || (packet.Facts.HasFlag(Facts.Tls) && (packet.LocalPort != Rdp || packet.BytesOut < SmallestTlsAnswer));

    // A telephone polls mail with an old password all day long, and a desktop a share that it once used; each poll is several logins.
    private static bool KeepsAsking(ushort port) => port is 25 or 110 or 143 or 587 or Smb;

    // Fewest payload bytes of a client that says more than a greeting, where the server does not say in the clear how that went. Less is a check
    // whether the service is there. RDP: a connection request
    // (MS-RDPBCGR 2.2.1.1) with its cookie. VNC: version, choice and the 16 bytes of RFC 6143 §7.2.2.
    private static ulong SmallestTry(ushort port) => port switch
    {
        Ssh => 100,
        Rdp => 100,
        5900 => 29,
        _ => 0,
    };

    // Most payload bytes that a server sends before it has let somebody in, where it does not say so in the clear; they follow from the
    // protocols: SSH where its course could not be read at all; RDP until CredSSP fails, VNC's challenge. Over FTP more is a session that got in; less may be one too (one directory takes
    // 235), so a failure is what the server calls one. So it is with MySQL, PostgreSQL and mail, which are not here: a short session there says
    // hardly more than a refusal.
    private static ulong LargestFailure(ushort port) => port switch
    {
        Ftp => 400,
        Ssh => 3300,
        23 => 500,
        Rdp => 10_000,
        5900 => 120,
        _ => 0,
    };

    private static string ServiceName(ushort port) => port switch
    {
        Ftp => "FTP",
        Ssh => "SSH",
        23 or 2323 => "Telnet",
        25 or 587 => "SMTP",
        110 => "POP3",
        143 => "IMAP",
        Smb => "SMB",
        3306 => "MySQL",
        Rdp => "RDP",
        5432 => "PostgreSQL",
        5900 => "VNC",
        6379 => "Redis",
        _ => $"the web server on port {port}",
    };
}
