using System.Reflection;
using Blackwall.Composition;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Blackwall.Tests.Composition;

/// <summary>An id in the log means one thing: each feature has a hundred of its own.</summary>
public sealed class LogIdTests
{
    private const int Range = 100;

    private static readonly (Type Catalogue, int Id)[] s_ids =
    [
        .. typeof(FeatureList).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Select(method => (Catalogue: method.DeclaringType!, Message: method.GetCustomAttribute<LoggerMessageAttribute>()))
            .Where(entry => entry.Message is not null)
            .Select(entry => (entry.Catalogue, entry.Message!.EventId)),
    ];

    [Fact]
    public void No_two_entries_share_an_id()
    {
        Assert.Empty(s_ids.GroupBy(entry => entry.Id).Where(same => same.Count() > 1).Select(same => $"{same.Key}: {string.Join(", ", same.Select(entry => entry.Catalogue.Name))}"));
        Assert.True(s_ids.Length > 40);
    }

    [Fact]
    public void Each_feature_has_a_range_of_its_own_and_keeps_to_it()
    {
        IFeature[] logging = [.. FeatureList.All.Where(feature => feature.FirstLogId != 0)];
        Assert.All(logging, feature => Assert.Equal(0, feature.FirstLogId % Range));
        Assert.Equal(logging.Length, logging.Select(feature => feature.FirstLogId).Distinct().Count());
        Assert.All(s_ids, entry => Assert.Equal(OwnerOf(entry.Catalogue)?.FirstLogId, entry.Id / Range * Range));
        Assert.All(logging, feature => Assert.Contains(s_ids, entry => OwnerOf(entry.Catalogue) == feature));
    }

    // The nearest folder above that has a feature.
    private static IFeature? OwnerOf(Type catalogue) => FeatureList.All
        .Where(feature => string.Equals(catalogue.Namespace, feature.GetType().Namespace, StringComparison.Ordinal) || catalogue.Namespace!.StartsWith(feature.GetType().Namespace + ".", StringComparison.Ordinal))
        .MaxBy(feature => feature.GetType().Namespace!.Length);
}
