using System.Globalization;
using System.Runtime.InteropServices;

namespace Blackwall.Intruder;

/// <summary>What an attacker tries who has the process. System calls are made as they are: no library stands between.</summary>
internal static partial class Attempts
{
    private const int NotPermitted = 1;

    public static IEnumerable<(string Name, string Result)> All(string hostState, bool isConfined)
    {
        foreach (string path in new[] { "/etc/passwd", "/etc/shadow", Path.Combine(hostState, "admin.key"), "/proc/1/root/etc/passwd", "/proc/kcore", "/proc/net/tcp", "/dev/mem" })
        {
            yield return ($"read {path}", Try(() => File.OpenRead(path).Dispose()));
        }

        yield return ("see processes", Directory.EnumerateDirectories("/proc").Count(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])).ToString(CultureInfo.InvariantCulture));
        foreach ((string name, int family, int type) in new[] { ("inet", 2, 1), ("inet6", 10, 1), ("unix", 1, 1), ("netlink", 16, 3), ("packet", 17, 3), ("datagram", 2, 2), ("vsock", 40, 1) })
        {
            yield return ($"socket {name}", Call(41, family, type, 0));
        }

        yield return ("fork", Fork(57, 0));
        yield return ("vfork by clone", Fork(56, 0x4000 | 17));
        yield return ("execute", Execute());
        yield return ("trace", Call(101, 16, isConfined ? 1 : Environment.ProcessId, 0));
        yield return ("read memory of others", Call(310, 1, 0, 0));
        yield return ("load a kernel program", Call(321, 5, 0, 0));
        yield return ("priority", File.ReadAllText("/proc/self/stat").Split(") ")[1].Split(' ')[16]);
        yield return ("mount", Call(165, 0, 0, 0));
        yield return ("new namespace", Call(272, 0x00020000, 0, 0));
        yield return ("enter a namespace", Call(308, 0, 0, 0));
        yield return ("change root", Call(161, 0, 0, 0));
        yield return ("become root", Call(105, 0, 0, 0));
        yield return ("take capabilities", Call(126, 0, 0, 0));
        yield return ("open by handle", Call(304, 0, 0, 0));
        yield return ("io_uring", Call(425, 0, 0, 0));
        yield return ("userfaultfd", Call(323, 0, 0, 0));
        yield return ("key ring", Call(250, 0, 0, 0));
        yield return ("set the clock", Call(227, 0, 0, 0));
        yield return ("kernel module", Call(175, 0, 0, 0));
        yield return ("32-bit table", Call(0x40000000 | 41, 2, 1, 0));
        foreach (string path in new[] { "/evil", "/tmp/evil", "/etc/evil", Path.Combine(Path.GetDirectoryName(typeof(Attempts).Assembly.Location)!, "evil.dll"), Path.Combine(hostState, "evil") })
        {
            yield return ($"write {path}", Try(() =>
            {
                File.WriteAllText(path, "x");
                File.Delete(path);
            }));
        }

        if (isConfined)
        {
            yield return ("fill", Fill("/state"));
        }
    }

    private static string Try(Action attempt)
    {
        try
        {
            attempt();
            return "done";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "refused";
        }
    }

    // Only "not permitted" is a refusal by the filter; anything else went through to the kernel.
    private static string Call(long number, long first, long second, long third)
    {
        long result = syscall((nint)number, (nint)first, (nint)second, (nint)third, 0, 0);
        return result >= 0 ? "done" : Marshal.GetLastPInvokeError() == NotPermitted ? "refused" : $"reached the kernel ({Marshal.GetLastPInvokeError()})";
    }

    private static string Fork(long number, long flags)
    {
        long result = syscall((nint)number, (nint)flags, 0, 0, 0, 0);
        if (result == 0)
        {
            // The child has one thread and a runtime that expects more: it ends at once.
            _ = syscall(231, 0, 0, 0, 0, 0);
        }

        return result > 0 ? "done" : Marshal.GetLastPInvokeError() == NotPermitted ? "refused" : "reached the kernel";
    }

    private static string Execute() => Call(59, 0, 0, 0);

    // Bytes until nothing more goes in.
    private static string Fill(string folder)
    {
        byte[] block = new byte[1 << 20];
        long total = 0;
        try
        {
            for (int file = 0; file < 4096; file++)
            {
                using FileStream stream = File.Create(Path.Combine(folder, file.ToString(CultureInfo.InvariantCulture)), 1);
                for (int i = 0; i < 64; i++)
                {
                    stream.Write(block);
                    total += block.Length;
                }
            }
        }
        catch (IOException)
        {
            // Full.
        }

        return (total >> 20).ToString(CultureInfo.InvariantCulture);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint syscall(nint number, nint first, nint second, nint third, nint fourth, nint fifth);
}
