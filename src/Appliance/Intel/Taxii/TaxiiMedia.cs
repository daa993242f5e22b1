using Microsoft.Net.Http.Headers;

namespace Blackwall.Intel.Taxii;

/// <summary>The one media type of TAXII 2.1 (section 1.6.8), in what clients accept and send.</summary>
internal static class TaxiiMedia
{
    public const string Type = "application/taxii+json;version=2.1";

    /// <summary>Whether a client takes it: by name with the version or without one, or by a wildcard; also when it says nothing.</summary>
    public static bool IsAccepted(HttpRequest request)
    {
        if (request.Headers.Accept.Count == 0)
        {
            return true;
        }

        return MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out IList<MediaTypeHeaderValue>? types)
            && types.Any(type => (type.Quality ?? 1) > 0 && (type.MatchesAllTypes || (type.Type.Equals("application", StringComparison.OrdinalIgnoreCase) && (type.MatchesAllSubTypes || IsTaxii(type)))));
    }

    /// <summary>Whether a body is of this type.</summary>
    public static bool IsSent(HttpRequest request) => MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type) && IsTaxii(type);

    private static bool IsTaxii(MediaTypeHeaderValue type)
    {
        if (!type.MediaType.Equals("application/taxii+json", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        NameValueHeaderValue? version = type.Parameters.FirstOrDefault(parameter => parameter.Name.Equals("version", StringComparison.OrdinalIgnoreCase));
        return version is null || HeaderUtilities.RemoveQuotes(version.Value).Equals("2.1", StringComparison.Ordinal);
    }
}
