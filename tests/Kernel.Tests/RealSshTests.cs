using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using Blackwall.Kernel.Abi;
using Blackwall.Kernel.Tests.Harness;
using Blackwall.Pipeline.Model;
using Blackwall.Replay.Wire;
using Xunit;

namespace Blackwall.Kernel.Tests;

/// <summary>
/// OpenSSH with itself, in a network namespace of its own and over every key exchange and host key that it has: right and wrong keys and passwords are
/// told apart.
/// BLACKWALL_SSH_SESSIONS plays each pair so many times (1); what is printed is how many sessions there were.
/// </summary>
[Collection(KernelCollection.Name)]
public sealed class RealSshTests(KernelHarness kernel, ITestOutputHelper output) : IDisposable
{
    private const string Client = "198.51.100.1", Server = "192.0.2.1";
    private const int Port = 2022;
    private const string User = "visitor", Password = "right-horse-611";
    private const int TriesPerExchange = 5;

    private readonly string _folder = Directory.CreateTempSubdirectory("blackwall-ssh-").FullName;
    private readonly KernelHarness _kernel = kernel.Reset();

    /// <summary>By type of the host key and cipher: sizes behind NEWKEYS hang on the cipher, those before on the key.</summary>
    public static TheoryData<string, string, string> Pairs => new()
    {
        { "ed25519", "chacha20-poly1305@openssh.com", "hmac-sha2-256" },
        { "rsa", "aes128-gcm@openssh.com", "hmac-sha2-256" },
        { "ecdsa", "aes256-ctr", "hmac-sha2-256-etm@openssh.com" },
        { "rsa", "aes128-ctr", "umac-64@openssh.com" },
        { "ed25519", "aes256-ctr", "hmac-sha2-512" },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Right_and_wrong_credentials_are_told_apart_over_every_key_exchange(string hostKey, string cipher, string mac)
    {
        int times = int.Parse(Environment.GetEnvironmentVariable("BLACKWALL_SSH_SESSIONS") ?? "1", CultureInfo.InvariantCulture);
        foreach (string name in new[] { "user", "other" })
        {
            Run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", Path.Combine(_folder, name));
        }

        Run("ssh-keygen", "-q", "-t", hostKey, "-N", "", "-f", Path.Combine(_folder, "host"));
        File.Copy(Path.Combine(_folder, "user.pub"), Path.Combine(_folder, "authorized"));
        File.WriteAllText(Path.Combine(_folder, "ask"), "#!/bin/sh\necho \"$ANSWER\"\n");
        Run("chmod", "755", Path.Combine(_folder, "ask"));

        // sshd reads the machine's accounts; in a mount namespace of its own they have one more (rounds: the hash is no part of what is tested).
        string hash = Run("openssl", "passwd", "-5", "-salt", "rounds=1000$bw", Password).Trim();
        File.WriteAllText(Path.Combine(_folder, "passwd"), $"{File.ReadAllText("/etc/passwd")}{User}:x:61418:61418::/:/bin/sh\n");
        File.WriteAllText(Path.Combine(_folder, "shadow"), $"{File.ReadAllText("/etc/shadow")}{User}:{hash}:19000:0:99999:7:::\n");
        Run("chmod", "600", Path.Combine(_folder, "shadow"));

        // It reads the list of keys as that user.
        Run("chmod", "755", _folder);
        File.WriteAllText(Path.Combine(_folder, "play"), Script(cipher, mac, times));
        Run("unshare", "--net", "--mount", "--propagation", "private", "--", "bash", Path.Combine(_folder, "play"));

        string[] expected = File.ReadAllLines(Path.Combine(_folder, "expected"));
        List<SshState> seen = Judge(File.ReadAllBytes(Path.Combine(_folder, "capture")));
        Assert.True(expected.Length >= 6 * TriesPerExchange * times, "fewer key exchanges than expected");
        string[] wrong = [.. expected.Zip(seen, (e, s) => (e, s)).Where(p => !string.Equals(p.e.Split(' ')[0], $"{p.s}", StringComparison.Ordinal)).Select(p => $"{p.e} was {p.s}")];
        output.WriteLine($"{hostKey}, {cipher}, {mac}: {seen.Count} sessions of {expected.Length}, {wrong.Length} wrong");
        Assert.Equal([], wrong);
        Assert.Equal(expected.Length, seen.Count);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // One session after the other, so that their ends come in the order of the list.
    private string Script(string cipher, string mac, int times) => $$"""
        set -u
        cd '{{_folder}}'
        export SSH_ASKPASS="$PWD/ask" SSH_ASKPASS_REQUIRE=force
        ip link set lo up mtu 1500
        ip address add {{Server}}/32 dev lo
        ip address add {{Client}}/32 dev lo
        mount --bind passwd /etc/passwd
        mount --bind shadow /etc/shadow
        mount -t tmpfs tmpfs /run
        mkdir -m 755 /run/sshd
        tcpdump -i lo -w capture -U -s 0 --immediate-mode -B 65536 tcp port {{Port}} 2>tcpdump.log &
        tap=$!
        /usr/sbin/sshd -D -e -f /dev/null -p {{Port}} -h "$PWD/host" -o "AuthorizedKeysFile=$PWD/authorized" -o PermitRootLogin=yes -o StrictModes=no \
            -o UsePAM=no -o PasswordAuthentication=yes -o KbdInteractiveAuthentication=no -o MaxStartups=100 -o "PidFile=$PWD/pid" \
            -o "KexAlgorithms=$(ssh -Q kex | paste -sd,)" -o "Ciphers={{cipher}}" -o "MACs={{mac}}" 2>sshd.log &
        server=$!
        until [ -s tcpdump.log ] && (exec 3<>/dev/tcp/{{Server}}/{{Port}}) 2>/dev/null; do :; done
        try() {
            ssh -F /dev/null -n -b {{Client}} -p {{Port}} -o UserKnownHostsFile=/dev/null -o StrictHostKeyChecking=no -o LogLevel=ERROR -o IdentityAgent=none \
                -o IdentitiesOnly=yes -o "KexAlgorithms=$1" -o "Ciphers={{cipher}}" -o "MACs={{mac}}" -o NumberOfPasswordPrompts=1 "${@:3}" {{User}}@{{Server}} true 2>>ssh.log
            code=$?
            if [ "$2" = In ] && [ $code -ne 0 ]; then echo "right credentials were refused over $1: ${*:3}" >>failures; fi
            if [ "$2" != In ] && [ $code -eq 0 ]; then echo "wrong credentials were taken over $1: ${*:3}" >>failures; fi
            echo "$2 $1 ${*:3}" >>expected
        }
        for ((i = 0; i < {{times}}; i++)); do
            for kex in $(ssh -Q kex); do
                case $kex in *sha1) continue ;; esac
                try $kex In -i user -o PreferredAuthentications=publickey
                try $kex Refused -i other -o PreferredAuthentications=publickey
                ANSWER=wrong try $kex Refused -i other -o PreferredAuthentications=publickey,password
                ANSWER={{Password}} try $kex In -o PreferredAuthentications=password
                ANSWER={{Password}} try $kex In -i other -o PreferredAuthentications=publickey,password
            done
        done
        # The capture has the end of the last session.
        until [ "$(tcpdump -r capture 'tcp[tcpflags] & (tcp-fin|tcp-rst) != 0 and src port {{Port}}' 2>/dev/null | wc -l)" -ge "$(wc -l <expected)" ]; do :; done
        kill $tap $server
        wait $tap $server
        [ ! -e failures ] || { cat failures >&2; exit 1; }
        """;

    private List<SshState> Judge(byte[] capture)
    {
        Address server = Address.Parse(Server);
        CaptureParser parser = new();
        List<SshState> states = [];
        ReadOnlySpan<byte> rest = capture;
        while (parser.Next(rest, out int consumed, out CapturedPacket packet) is var step && step is CaptureStep.Packet or CaptureStep.Other)
        {
            rest = rest[consumed..];
            if (step == CaptureStep.Other || packet.Data.IsEmpty || !FrameSketch.TryRead(packet.Data, out FrameSketch sketch, out _))
            {
                continue;
            }

            _kernel.Advance(TimeSpan.FromMilliseconds(1));
            byte[] frame = Sealed(packet.Data);
            if (sketch.Source == server)
            {
                _kernel.Egress(frame);
            }
            else
            {
                _kernel.Ingress(frame);
            }

            states.AddRange(_kernel.Events.Where(e => e is { Kind: EventKind.FlowClosed, BytesIn: > 0 }).Select(e => e.Ssh));
            _kernel.Forget();
        }

        return states;
    }

    // Nobody computes the checksum of what stays on the machine (RFC 9293 §3.1).
    private static byte[] Sealed(ReadOnlySpan<byte> captured)
    {
        byte[] frame = captured.ToArray();
        Span<byte> packet = frame.AsSpan(14);
        Span<byte> segment = packet[((packet[0] & 15) * 4)..BinaryPrimitives.ReadUInt16BigEndian(packet[2..])];
        segment[16..18].Clear();
        uint sum = 6 + (uint)segment.Length;
        for (int i = 12; i < 20; i += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(packet[i..]);
        }

        for (int i = 0; i < segment.Length; i += 2)
        {
            sum += (uint)((segment[i] << 8) | (i + 1 < segment.Length ? segment[i + 1] : 0));
        }

        while (sum >> 16 != 0)
        {
            sum = (sum & 0xffff) + (sum >> 16);
        }

        BinaryPrimitives.WriteUInt16BigEndian(segment[16..], (ushort)~sum);
        return frame;
    }

    // What it prints must be little.
    private static string Run(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false };
        using Process process = Process.Start(start)!;
        string errors = process.StandardError.ReadToEnd();
        string printed = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}: {errors}");
        return printed;
    }
}
