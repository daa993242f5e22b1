using Blackwall.Kernel.Abi;
using Blackwall.Pipeline;

namespace Blackwall.Behavior;

/// <summary>
/// Counts flows to login services that ended the way a failed login does: the client spoke, the server answered, and it answered less
/// than any successful session needs; and credentials that a web server refused. The server's payload in the flow proves the handshake. A port check that sends nothing is no attempt.
/// </summary>
internal sealed class BruteForceDetector(DetectionOptions options, Judge judge)
{
    private const uint Hour = 3600;
    private const uint Day = 24 * Hour;
    private const int HttpLoginsPerWindow = 20;
    private const int HttpLoginsPerHour = 25;

    /// <summary>Whether a closed flow looks like a failed login; it is then counted.</summary>
    public bool OnClosed(Subject subject, in PacketEvent packet, IFindings findings)
    {
        if (packet.BytesIn == 0 || packet.BytesOut == 0 || packet.BytesOut > LargestFailure(packet.LocalPort))
        {
            return false;
        }

        OnFailure(subject, packet.LocalPort, isRefused: false, EvidenceClass.Handshake, packet.TimeNanoseconds, findings);
        return true;
    }

    /// <summary>The server refused credentials. A client that keeps sending the ones it has is misconfigured and guesses nothing.</summary>
    public void OnRefused(Subject subject, ushort port, uint credentials, ulong now, IFindings findings)
    {
        if (subject.Watch.Refused.IsNew(credentials))
        {
            OnFailure(subject, port, isRefused: true, EvidenceClass.Application, now, findings);
        }
    }

    /// <summary>A login form was posted. A shared address posts some, so it takes more of them.</summary>
    public void OnHttpLogin(Subject subject, ushort port, ulong now, IFindings findings)
    {
        ref LoginCounter counter = ref Count(ref subject.Watch, port, isRefused: false, now);
        if (counter.Fast >= Math.Max(HttpLoginsPerWindow, options.BruteForceAttempts))
        {
            Report(subject, counter.Fast, counter.FastSeconds, port, 0.8, EvidenceClass.Application, now, findings);
        }
        else if (counter.Slow >= HttpLoginsPerHour && Judge.IsRipe(ref subject.Watch, EvidenceKind.BruteForce, now))
        {
            // An office in the morning looks like this, so it is told and no more.
            string detail = $"posted {Sentences.Count(counter.Slow, "login")} at {ServiceName(port)} in {Sentences.Duration((Profile.Seconds(now) - counter.SlowSeconds) * 1000)}";
            judge.Suspect(subject, EvidenceKind.BruteForce, 0.2, detail, now, findings);
        }
    }

    private void OnFailure(Subject subject, ushort port, bool isRefused, EvidenceClass evidenceClass, ulong now, IFindings findings)
    {
        ref Watch watch = ref subject.Watch;
        ref LoginCounter counter = ref Count(ref watch, port, isRefused, now);
        if (counter.Fast >= options.BruteForceAttempts)
        {
            Report(subject, counter.Fast, counter.FastSeconds, port, 0.9, evidenceClass, now, findings);
        }
        else if (counter.Slow >= options.SlowBruteForceAttempts)
        {
            Report(subject, counter.Slow, counter.SlowSeconds, port, 0.8, evidenceClass, now, findings);
        }
        else if (counter.Day >= options.DayBruteForceAttempts)
        {
            Report(subject, counter.Day, counter.DaySeconds, port, 0.7, evidenceClass, now, findings);
        }
        else if (counter.Day == options.FirstSignLogins && Judge.IsRipe(ref watch, EvidenceKind.BruteForce, now))
        {
            string detail = $"failed {Sentences.Count(counter.Day, "login")} at {ServiceName(port)} today; that may be somebody who forgot a password";
            judge.Suspect(subject, EvidenceKind.BruteForce, 0.2, detail, now, findings);
        }
    }

    private void Report(Subject subject, int count, uint since, ushort port, double weight, EvidenceClass evidenceClass, ulong now, IFindings findings)
    {
        if (Judge.IsRipe(ref subject.Watch, EvidenceKind.BruteForce, now))
        {
            string detail = $"tried {Sentences.Count(count, "login")} at {ServiceName(port)} in {Sentences.Duration((Profile.Seconds(now) - since) * 1000)}";
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

            if (counter.Slow < watch.Logins[place].Slow)
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

    // Most payload bytes that a server sends before it has let somebody in. SSH measured with OpenSSH 9.2: a refused password 2,865 (about 90
    // more each further one), hydra 1,773 to 1,929, the shortest successful session 3,705. The others follow from their protocols: a
    // greeting and one refusal (FTP 220+331+530, MySQL handshake and ERR 1045, PostgreSQL R and E 28P01), RDP until CredSSP fails.
    private static ulong LargestFailure(ushort port) => port switch
    {
        21 => 400,
        22 or 2222 => 3300,
        23 => 500,
        3306 => 260,
        3389 => 10_000,
        5432 => 200,
        5900 => 120,
        _ => 0,
    };

    private static string ServiceName(ushort port) => port switch
    {
        21 => "FTP",
        22 or 2222 => "SSH",
        23 => "Telnet",
        3306 => "MySQL",
        3389 => "RDP",
        5432 => "PostgreSQL",
        5900 => "VNC",
        _ => $"the web server on port {port}",
    };
}
