using System.Globalization;

namespace Blackwall.Tarpit.World;

/// <summary>How busy the machine seems: a slow curve of the clock, the same for whoever asks at the same moment.</summary>
internal static class Load
{
    /// <summary>"0.08, 0.03, 0.01".</summary>
    public static string Averages(Machine machine)
    {
        double minutes = machine.Now.ToUnixTimeSeconds() / 60.0;
        double level = 0.03 + (machine.Number("load", 1, 12) / 100.0);
        double Value(double period) => Math.Max(0, level * (1 + Math.Sin(minutes / period)));
        return string.Create(CultureInfo.InvariantCulture, $"{Value(3):0.00}, {Value(11):0.00}, {Value(31):0.00}");
    }
}
