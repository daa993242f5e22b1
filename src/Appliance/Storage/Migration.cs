
namespace Blackwall.Storage;

/// <summary>One step of a feature's part of the database.</summary>
/// <param name="Number">1, 2, ...: the steps of one feature run in this order. A step that was released never changes.</param>
/// <param name="Sql">SQLite statements; they run in one transaction.</param>
/// <param name="Former">Its number in the one list that versions up to 0.1 had; 0: it is younger.</param>
public sealed record Migration(int Number, string Sql, int Former = 0)
{
    /// <summary>A step that lies as FEATURE/Migrations/NAME.sql beside the feature.</summary>
    /// <exception cref="InvalidOperationException">It is not embedded in the feature's assembly.</exception>
    public static Migration Embedded(Type feature, int number, string name, int former = 0)
    {
        ArgumentNullException.ThrowIfNull(feature);
        string resource = $"{feature.Namespace}.Migrations.{name}.sql";
        using Stream stream = feature.Assembly.GetManifestResourceStream(resource) ?? throw new InvalidOperationException($"{resource} is not embedded.");
        using StreamReader reader = new(stream);
        return new Migration(number, reader.ReadToEnd(), former);
    }
}
