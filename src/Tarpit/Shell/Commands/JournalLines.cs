using System.Globalization;
using Blackwall.Tarpit.World;
using Blackwall.Tarpit.World.State;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>What the journal has, as journalctl shows it.</summary>
internal static class JournalLines
{
    /// <param name="program">Whose lines; empty: everybody's.</param>
    /// <param name="isKernels">Those of the kernel since the start of the machine.</param>
    public static IEnumerable<string> Of(MachineState state, string program, bool isKernels = false)
    {
        SystemLog log = new(state);
        DateTimeOffset now = state.Machine.Now;
        IEnumerable<(DateTimeOffset When, string Line)> lines = isKernels ? log.Lines("kern.log", DateTimeOffset.MinValue, now)
            : log.Lines("auth.log", log.Began, now).Concat(log.Lines("syslog", log.Began, now)).Distinct();

        // cron writes under another name when it runs a command.
        StringComparison comparison = program is "cron" ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        return lines.OrderBy(line => line.When).Where(line => program.Length == 0 || line.Line.Contains($" {program}[", comparison))
            .Select(line => $"{line.When.ToString("MMM dd HH:mm:ss", CultureInfo.InvariantCulture)} {line.Line[(line.Line.IndexOf(' ', StringComparison.Ordinal) + 1)..]}\n");
    }
}
