using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text;
using Blackwall.Config;

namespace Blackwall.Behavior;

/// <summary>[thresholds]: one key a property of <see cref="DetectionOptions"/>, in snake case, within the range that the property declares.</summary>
internal static class DetectionSettings
{
    public static IReadOnlyList<IConfigSection> Declare()
    {
        ConfigSection<DetectionOptions> section = new("thresholds", new DetectionOptions());
        foreach (PropertyInfo property in typeof(DetectionOptions).GetProperties())
        {
            string key = SnakeCase(property.Name);
            if (property.PropertyType == typeof(AttackResponse))
            {
                section.Choice<AttackResponse>(key, (o, v) => property.SetValue(o, v));
                continue;
            }

            RangeAttribute range = property.GetCustomAttribute<RangeAttribute>() ?? throw new InvalidOperationException($"{property.Name} has no range.");
            double least = Convert.ToDouble(range.Minimum, CultureInfo.InvariantCulture);
            double most = Convert.ToDouble(range.Maximum, CultureInfo.InvariantCulture);
            if (property.PropertyType == typeof(int))
            {
                section.Integer(key, (long)least, (long)most, (o, v) => property.SetValue(o, (int)v));
            }
            else
            {
                section.Number(key, least, most, (o, v) => property.SetValue(o, v));
            }
        }

        return [section];
    }

    private static string SnakeCase(string name)
    {
        StringBuilder key = new();
        foreach (char c in name)
        {
            if (char.IsUpper(c) && key.Length > 0)
            {
                key.Append('_');
            }

            key.Append(char.ToLowerInvariant(c));
        }

        return key.ToString();
    }
}
