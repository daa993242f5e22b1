using System.Globalization;
using Blackwall.Tarpit.World.State;

namespace Blackwall.Tarpit.World;

/// <summary>Settings and unit files of what runs.</summary>
internal static class ServiceFiles
{
    private const int WebUser = 33;

    public static void AddTo(TreeBuilder tree)
    {
        Machine machine = tree.Machine;
        Website site = new(machine);
        foreach (SystemService service in SystemServices.All)
        {
            string command = service.Command.StartsWith("sshd:", StringComparison.Ordinal) ? "/usr/sbin/sshd -D $SSHD_OPTS" : service.Command.TrimStart('@');
            tree.Text($"/usr/lib/systemd/system/{service.Name}.service", Unit(service, command));
            tree.Link($"/etc/systemd/system/multi-user.target.wants/{service.Name}.service", $"/usr/lib/systemd/system/{service.Name}.service");
            tree.Text($"/run/{service.Program}.pid", string.Create(CultureInfo.InvariantCulture, $"{new ProcessTable(machine, new ServiceTable(machine)).MainProcess(service)}\n"), modified: machine.BootTime.AddSeconds(9));
        }

        tree.Text("/etc/apache2/ports.conf", "# If you just change the port or add more ports here, you will likely also\n# have to change the VirtualHost statement in\n# /etc/apache2/sites-enabled/000-default.conf\n\nListen 80\n\n<IfModule ssl_module>\n\tListen 443\n</IfModule>\n\n<IfModule mod_gnutls.c>\n\tListen 443\n</IfModule>\n");
        tree.Text("/etc/apache2/sites-available/000-default.conf", $"<VirtualHost *:80>\n\t#ServerName www.example.com\n\n\tServerAdmin webmaster@{site.Domain}\n\tDocumentRoot /var/www/html\n\n\tErrorLog ${{APACHE_LOG_DIR}}/error.log\n\tCustomLog ${{APACHE_LOG_DIR}}/access.log combined\n\t<Directory /var/www/html>\n\t\tAllowOverride All\n\t</Directory>\n</VirtualHost>\n");
        tree.Link("/etc/apache2/sites-enabled/000-default.conf", "../sites-available/000-default.conf");
        tree.Link("/etc/apache2/sites-enabled/default-ssl.conf", "../sites-available/default-ssl.conf");
        foreach (string name in new[] { "access_compat", "alias", "auth_basic", "authn_core", "authn_file", "authz_core", "authz_host", "authz_user", "autoindex", "deflate", "dir", "env", "filter", "mime", "mpm_prefork", "negotiation", "php8.3", "reqtimeout", "rewrite", "setenvif", "socache_shmcb", "ssl", "status" })
        {
            tree.Link($"/etc/apache2/mods-enabled/{name}.load", $"../mods-available/{name}.load");
        }

        tree.Text("/etc/mysql/mysql.conf.d/mysqld.cnf", "#\n# The MySQL database server configuration file.\n#\n[mysqld]\nuser\t\t= mysql\n# pid-file\t= /var/run/mysqld/mysqld.pid\n# socket\t= /var/run/mysqld/mysqld.sock\n# port\t\t= 3306\n# datadir\t= /var/lib/mysql\nbind-address\t\t= 0.0.0.0\nmysqlx-bind-address\t= 127.0.0.1\nkey_buffer_size\t\t= 16M\nmyisam-recover-options  = BACKUP\nlog_error = /var/log/mysql/error.log\nmax_binlog_size   = 100M\n");
        tree.Text("/etc/mysql/debian.cnf", $"# Automatically generated for Debian scripts. DO NOT TOUCH!\n[client]\nhost     = localhost\nuser     = debian-sys-maint\npassword = {Convert.ToBase64String(machine.Bytes("maint", 12)).TrimEnd('=').Replace('/', 'x').Replace('+', 'Q')}\nsocket   = /var/run/mysqld/mysqld.sock\n", 0x180);
        tree.Put("/run/mysqld/mysqld.sock", new Blackwall.Tarpit.Files.SocketNode { Mode = 0x1FF, User = 107, Group = 111, Modified = machine.BootTime });
        tree.Text("/etc/redis/redis.conf", "bind 0.0.0.0\nprotected-mode no\nport 6379\ndaemonize yes\nsupervised auto\npidfile /run/redis/redis-server.pid\nloglevel notice\nlogfile /var/log/redis/redis-server.log\ndir /var/lib/redis\n", 0x1A0, 108, 113);
        tree.Text("/etc/bind/named.conf", "include \"/etc/bind/named.conf.options\";\ninclude \"/etc/bind/named.conf.local\";\ninclude \"/etc/bind/named.conf.default-zones\";\n", 0x1A4, 0, 114);
        tree.Text("/etc/bind/named.conf.options", "options {\n\tdirectory \"/var/cache/bind\";\n\trecursion no;\n\tallow-transfer { none; };\n\tdnssec-validation auto;\n\tlisten-on { any; };\n\tlisten-on-v6 { any; };\n};\n", 0x1A4, 0, 114);
        tree.Text("/etc/bind/named.conf.local", $"zone \"{site.Domain}\" {{\n\ttype master;\n\tfile \"/etc/bind/db.{site.Domain}\";\n}};\n", 0x1A4, 0, 114);
        tree.Text("/etc/postfix/main.cf", $"smtpd_banner = $myhostname ESMTP $mail_name (Ubuntu)\nbiff = no\nappend_dot_mydomain = no\nmyhostname = {machine.HostName}\nmydestination = $myhostname, {site.Domain}, localhost.localdomain, localhost\nmynetworks = 127.0.0.0/8 [::ffff:127.0.0.0]/104 [::1]/128\ninet_interfaces = all\ninet_protocols = all\n");
        tree.Text("/etc/vsftpd.conf", "listen=NO\nlisten_ipv6=YES\nanonymous_enable=NO\nlocal_enable=YES\nwrite_enable=YES\ndirmessage_enable=YES\nuse_localtime=YES\nxferlog_enable=YES\nsecure_chroot_dir=/var/run/vsftpd/empty\npam_service_name=vsftpd\n");
        tree.Text("/etc/samba/smb.conf", $"[global]\n   workgroup = WORKGROUP\n   server string = {machine.HostName} server (Samba, Ubuntu)\n   log file = /var/log/samba/log.%m\n   max log size = 1000\n   map to guest = bad user\n\n[{machine.Pick("share", HomeFiles.Shares)}]\n   path = /srv/{machine.Pick("share", HomeFiles.Shares)}\n   read only = no\n   guest ok = no\n");
        tree.Text("/etc/inetd.conf", "telnet\tstream\ttcp\tnowait\troot\t/usr/sbin/tcpd\t/usr/sbin/telnetd\n");
        tree.Text("/etc/xrdp/xrdp.ini", "[Globals]\nini_version=1\nfork=true\nport=3389\nuse_vsock=false\n");
        tree.Text("/opt/panel/panel/settings.py", $"import os\n\nDEBUG = False\nALLOWED_HOSTS = [\"*\"]\nAPI_TOKEN = \"{site.Credentials.ApiToken}\"\nDATABASES = {{\"default\": {{\"ENGINE\": \"django.db.backends.mysql\", \"NAME\": \"shop\", \"USER\": \"{site.Credentials.Shop.User}\", \"PASSWORD\": \"{site.Credentials.Shop.Password}\", \"HOST\": \"127.0.0.1\"}}}}\n", 0x1A0, WebUser, WebUser);
        tree.Text("/opt/panel/panel/wsgi.py", "import os\n\nfrom django.core.wsgi import get_wsgi_application\n\nos.environ.setdefault(\"DJANGO_SETTINGS_MODULE\", \"panel.settings\")\napplication = get_wsgi_application()\n", 0x1A4, WebUser, WebUser);
        (string Folder, string[] Names)[] databases = [("/var/lib/mysql/shop", ["customers.ibd", "orders.ibd", "order_items.ibd", "products.ibd", "users.ibd"]), ("/var/lib/mysql/wordpress", ["wp_posts.ibd", "wp_users.ibd", "wp_options.ibd", "wp_comments.ibd", "wp_postmeta.ibd"]), ("/var/lib/mysql", ["ibdata1", "auto.cnf", "mysql.ibd", "undo_001", "undo_002"])];
        foreach ((string folder, string[] names) in databases)
        {
            foreach (string name in names)
            {
                tree.Put($"{folder}/{name}", new Blackwall.Tarpit.Files.FileNode { Content = new Blackwall.Tarpit.Files.PackagedContent(folder, name + ".db", 114_688 + (machine.Number(name, 0, 40) * 16_384), Packages.PackageTexts.Make), Mode = 0x1A0, User = 107, Group = 111, Modified = machine.BootTime.AddHours(3) });
            }
        }
    }

    private static string Unit(SystemService service, string command) =>
        $"[Unit]\nDescription={service.Description}\nAfter=network.target\n\n[Service]\nExecStart={command}\n{(service.User is "root" ? "" : $"User={service.User}\n")}Restart=on-failure\n\n[Install]\nWantedBy=multi-user.target\n";
}
