using System.Globalization;
using System.Text;

namespace Blackwall.Tarpit.World;

/// <summary>Texts with credentials in them that somebody forgot below the web root. They agree with each other and with what MySQL and the logins accept.</summary>
internal static class BaitTexts
{
    private static readonly string[] Salts = ["AUTH_KEY", "SECURE_AUTH_KEY", "LOGGED_IN_KEY", "NONCE_KEY", "AUTH_SALT", "SECURE_AUTH_SALT", "LOGGED_IN_SALT", "NONCE_SALT"];

    public static string Configuration(Website site) => $$"""
        <?php
        /**
         * The base configuration for WordPress
         *
         * @package WordPress
         */

        // ** Database settings ** //
        define( 'DB_NAME', '{{site.Database}}' );
        define( 'DB_USER', '{{site.Credentials.Website.User}}' );
        define( 'DB_PASSWORD', '{{site.Credentials.Website.Password}}' );
        define( 'DB_HOST', 'localhost' );
        define( 'DB_CHARSET', 'utf8mb4' );
        define( 'DB_COLLATE', '' );

        {{string.Join("\n", Salts.Select(name => $"define( '{name}',{new string(' ', 17 - name.Length)}'{site.Salt(name)}' );"))}}

        $table_prefix = '{{site.TablePrefix}}';

        define( 'WP_DEBUG', false );

        if ( ! defined( 'ABSPATH' ) ) {
        	define( 'ABSPATH', __DIR__ . '/' );
        }

        require_once ABSPATH . 'wp-settings.php';

        """;

    public static string Environment(Website site) => $"""
        APP_NAME="{site.Brand} Shop"
        APP_ENV=production
        APP_DEBUG=false
        APP_URL=https://{site.Domain}

        DB_CONNECTION=mysql
        DB_HOST=127.0.0.1
        DB_PORT=3306
        DB_DATABASE=shop
        DB_USERNAME={site.Credentials.Shop.User}
        DB_PASSWORD={site.Credentials.Shop.Password}

        WP_DB_USERNAME={site.Credentials.Website.User}
        WP_DB_PASSWORD={site.Credentials.Website.Password}

        API_TOKEN={site.Credentials.ApiToken}
        ADMIN_USER={site.Credentials.Administrator.User}
        ADMIN_PASSWORD={site.Credentials.Administrator.Password}

        MAIL_MAILER=smtp
        MAIL_HOST=127.0.0.1
        MAIL_PORT=25
        MAIL_FROM_ADDRESS=office@{site.Domain}

        """;

    /// <summary>A dump of the website's database, as mysqldump writes it.</summary>
    public static string Dump(Website site, DateTimeOffset when)
    {
        StringBuilder sql = new();
        sql.Append(CultureInfo.InvariantCulture, $"-- MySQL dump 10.13  Distrib {MySql.MySqlServer.Version.Split('-')[0]}, for Linux (x86_64)\n--\n-- Host: localhost    Database: {site.Database}\n-- ------------------------------------------------------\n-- Server version\t{MySql.MySqlServer.Version}\n\n/*!40101 SET NAMES utf8mb4 */;\n\n");
        sql.Append("DROP TABLE IF EXISTS `wp_users`;\nCREATE TABLE `wp_users` (\n  `ID` bigint unsigned NOT NULL AUTO_INCREMENT,\n  `user_login` varchar(60) NOT NULL DEFAULT '',\n  `user_pass` varchar(255) NOT NULL DEFAULT '',\n  `user_nicename` varchar(50) NOT NULL DEFAULT '',\n  `user_email` varchar(100) NOT NULL DEFAULT '',\n  `user_registered` datetime NOT NULL DEFAULT '0000-00-00 00:00:00',\n  `display_name` varchar(250) NOT NULL DEFAULT '',\n  PRIMARY KEY (`ID`)\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;\n");
        sql.Append("INSERT INTO `wp_users` VALUES ").AppendJoin(",", site.Users.Select(user => $"({user.Id},'{user.Login}','{user.PasswordHash}','{user.Slug}','{user.Email}','{Time(user.Registered)}','{user.Name}')")).Append(";\n\n");
        sql.Append("DROP TABLE IF EXISTS `wp_posts`;\nCREATE TABLE `wp_posts` (\n  `ID` bigint unsigned NOT NULL AUTO_INCREMENT,\n  `post_author` bigint unsigned NOT NULL DEFAULT '0',\n  `post_date` datetime NOT NULL DEFAULT '0000-00-00 00:00:00',\n  `post_content` longtext NOT NULL,\n  `post_title` text NOT NULL,\n  `post_status` varchar(20) NOT NULL DEFAULT 'publish',\n  `post_name` varchar(200) NOT NULL DEFAULT '',\n  `post_type` varchar(20) NOT NULL DEFAULT 'post',\n  PRIMARY KEY (`ID`)\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;\n");
        sql.Append("INSERT INTO `wp_posts` VALUES ").AppendJoin(",", site.Posts.Select(post => string.Create(CultureInfo.InvariantCulture, $"({post.Id},{post.Author},'{Time(post.Published)}','{Quote(post.Content)}','{Quote(post.Title)}','publish','{post.Slug}','{(post.IsPage ? "page" : "post")}')"))).Append(";\n\n");
        return sql.Append(CultureInfo.InvariantCulture, $"-- Dump completed on {when:yyyy-MM-dd  H:mm:ss}\n").ToString();
    }

    private static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Quote(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
