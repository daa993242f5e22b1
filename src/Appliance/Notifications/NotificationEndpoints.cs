using Blackwall.Api;
using Blackwall.Api.Keys;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Blackwall.Notifications;

/// <summary>/notifications: how people are reached.</summary>
internal static class NotificationEndpoints
{
    public static void MapNotifications(this IEndpointRouteBuilder api)
    {
        RouteGroupBuilder group = api.MapGroup("/notifications").WithTags("notifications");
        group.MapGet("", List).WithName("listNotificationChannels").Needs(NotifyScopes.Read).Produces<NotificationList>();
        group.MapPost("/test", TestAsync).WithName("testNotifications").Needs(NotifyScopes.Write).Produces<NotificationList>();
    }

    /// <summary>Every way to reach people, and how it goes.</summary>
    private static Ok<NotificationList> List(NotificationDesk desk) => TypedResults.Ok(new NotificationList(desk.Channels));

    /// <summary>Sends a test by every channel that is configured, and says what came of it.</summary>
    private static async Task<Ok<NotificationList>> TestAsync(HttpContext context, NotificationDesk desk) =>
        TypedResults.Ok(new NotificationList(await desk.TestAsync(Caller.For(context).Name, context.RequestAborted)));
}
