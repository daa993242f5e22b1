using System.Globalization;
using Blackwall.Api;
using Blackwall.Api.Licenses;
using Blackwall.Api.Problems;
using Blackwall.Intel.Stix;
using Blackwall.Storage;
using Microsoft.Extensions.Options;

namespace Blackwall.Intel.Misp;

/// <summary>/misp: the indicators as a MISP feed.</summary>
internal static class MispEndpoints
{
    private const string Json = "application/json";

    public static void MapMisp(this IEndpointRouteBuilder api)
    {
        RouteGroupBuilder group = api.MapGroup("/misp").WithTags("misp");
        Licensed licensed = new(LicensedFeature.TaxiiRead);
        group.MapGet("/manifest.json", Manifest).WithName("readMispManifest").Needs(IntelScopes.Read).WithMetadata(licensed).Produces<string>(StatusCodes.Status200OK, Json).Produces(StatusCodes.Status304NotModified).Refuses(503);
        group.MapGet("/{event}.json", Event).WithName("readMispEvent").Needs(IntelScopes.Read).WithMetadata(licensed).Produces<string>(StatusCodes.Status200OK, Json).Produces(StatusCodes.Status304NotModified).Refuses(404, 503);
    }

    /// <summary>The manifest of the feed: an event for each day whose indicators are kept.</summary>
    private static IResult Manifest(HttpContext context, IndicatorDays days, IntelBook book, IOptions<IntelOptions> options) => Answer(context, book, publisher =>
    {
        IReadOnlyList<(DateOnly Day, DateTimeOffset Changed)> all = days.All();
        Tag(context, all.Count == 0 ? default : all.Max(day => day.Changed), all.Count);
        return MispWriter.Manifest(publisher, options.Value.Tlp, all);
    });

    /// <summary>An event of the feed: the indicators that were first published on one day.</summary>
    /// <param name="event">Its UUID, as the manifest has it.</param>
    /// <param name="context">The request.</param>
    /// <param name="days">The indicators by day.</param>
    /// <param name="book">Who publishes.</param>
    /// <param name="options">How it is marked.</param>
    private static IResult Event(string @event, HttpContext context, IndicatorDays days, IntelBook book, IOptions<IntelOptions> options) => Answer(context, book, publisher =>
    {
        (DateOnly day, DateTimeOffset changed) = Guid.TryParseExact(@event, "D", out Guid id) ? days.All().FirstOrDefault(one => MispWriter.EventOf(publisher, one.Day) == id) : default;
        if (changed == default)
        {
            return null;
        }

        IReadOnlyList<Indicator> indicators = days.Of(day);
        Tag(context, changed, indicators.Count);
        return MispWriter.Event(publisher, options.Value.Tlp, day, indicators, changed);
    });

    private static IResult Answer(HttpContext context, IntelBook book, Func<StixPublisher, byte[]?> write)
    {
        try
        {
            return book.Publisher is not { } publisher ? Problem.Create(StatusCodes.Status503ServiceUnavailable, "Intelligence cannot be read now; health/ready says more.")
                : write(publisher) is { } body ? TypedResults.Bytes(body, Json)
                : Problem.Create(StatusCodes.Status404NotFound, "The feed has no such event.");
        }
        catch (StoreException failure)
        {
            return Problem.Create(StatusCodes.Status503ServiceUnavailable, $"The store cannot be read: {failure.Message}");
        }
    }

    private static void Tag(HttpContext context, DateTimeOffset changed, int count) =>
        context.Response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{changed.ToUnixTimeMilliseconds():x}-{count:x}\"");
}
