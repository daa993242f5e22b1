using System.Globalization;

namespace Blackwall.Kernel.Loading;

/// <summary>What decides whether a kernel loads our programs.</summary>
/// <param name="Release">Version of Linux, two numbers; null: not known.</param>
/// <param name="HasBtf">Whether it describes its own types.</param>
/// <param name="Lockdown">"none", "integrity" or "confidentiality" (kernel_lockdown(7)).</param>
/// <param name="Capabilities">Effective capabilities of this process, a bit each.</param>
internal sealed record KernelFacts(Version? Release, bool HasBtf, string Lockdown, ulong Capabilities)
{
    /// <summary>Of this machine; what cannot be read counts as being in order.</summary>
    public static KernelFacts Read() => From(
        Text("/proc/sys/kernel/osrelease"),
        File.Exists("/sys/kernel/btf/vmlinux"),
        Text("/sys/kernel/security/lockdown"),
        Text("/proc/self/status"));

    /// <param name="release">"6.1.0-25-amd64".</param>
    /// <param name="hasBtf">As of the record.</param>
    /// <param name="lockdown">"none [integrity] confidentiality"; empty: no such file.</param>
    /// <param name="status">proc_pid_status(5).</param>
    public static KernelFacts From(string release, bool hasBtf, string lockdown, string status)
    {
        string[] numbers = release.Split('.', '-', '+', '~');
        Version? version = numbers.Length > 1
            && int.TryParse(numbers[0], NumberStyles.None, CultureInfo.InvariantCulture, out int major)
            && int.TryParse(numbers[1], NumberStyles.None, CultureInfo.InvariantCulture, out int minor) ? new Version(major, minor) : null;
        int open = lockdown.IndexOf('[', StringComparison.Ordinal), close = lockdown.IndexOf(']', StringComparison.Ordinal);
        string? effective = status.Split('\n').FirstOrDefault(line => line.StartsWith("CapEff:", StringComparison.Ordinal))?["CapEff:".Length..].Trim();
        return new KernelFacts(
            version,
            hasBtf,
            open >= 0 && close > open ? lockdown[(open + 1)..close] : "none",
            ulong.TryParse(effective, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong capabilities) ? capabilities : ulong.MaxValue);
    }

    private static string Text(string file)
    {
        try
        {
            return File.Exists(file) ? File.ReadAllText(file).Trim() : "";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
