using Blackwall.Composition;
using Blackwall.Config;

namespace Blackwall;

/// <summary>Reads the whole configuration of a list of features, at the start and for each reload.</summary>
internal sealed class ConfigReader(CommandLine line, IReadOnlyList<IFeature> features)
{
    /// <summary>Null when something is wrong: then each error is one line that says where, what, and what is allowed.</summary>
    public ApplianceConfig? TryRead(out IReadOnlyList<string> errors)
    {
        if (ApplianceConfig.TryLoad(line, Environment.GetEnvironmentVariables(), FeatureList.Sections(features), out errors) is not { } config)
        {
            return null;
        }

        errors = [.. features.SelectMany(feature => feature.Conflicts(config))];
        return errors.Count == 0 ? config : null;
    }
}
