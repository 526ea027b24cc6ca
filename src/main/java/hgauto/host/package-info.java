/** What hosts have to be like, point by point, and how they were found. */
package hgauto.host;
